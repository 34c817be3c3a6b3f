import { readFileSync } from 'node:fs'

/** Ticks of the clock by which Linux counts a process's time, a second. */
const ticksPerS = 100

/** Processor time of a running process so far, in seconds; unknown where there is no /proc. */
export function processorSeconds(pid: number | undefined): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / ticksPerS
  } catch {
    return undefined
  }
}
