import { readdirSync, readFileSync } from 'node:fs'

/** The processes that this one has started, and theirs; empty where there is no /proc. */
export function descendants(): number[] {
  const parents = readParents()
  const found: number[] = []
  const queue = [process.pid]
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    const children = [...parents].filter(([, parent]) => parent === pid).map(([child]) => child)
    found.push(...children)
    queue.push(...children)
  }
  return found
}

/** Kills a process on the spot; one that is gone already is as good. @returns whether it was there. */
export function killAtOnce(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    return false
  }
}

function readParents(): Map<number, number> {
  const parents = new Map<number, number>()
  for (const name of listProcesses()) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It has ended since it was listed.
    }
  }
  return parents
}

function listProcesses(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}
