import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes this process the one owner of a data folder, by a file `owner.json` that names it. A file that a killed
 * process has left behind is taken over.
 *
 * @returns what gives the folder back.
 * @throws when a living process owns it.
 */
export function lockFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true })
  const file = join(dataDir, 'owner.json')
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) }))
  try {
    while (!tryLink(draft, file)) removeIfStale(file, dataDir)
  } finally {
    unlinkSync(draft)
  }
  return () => unlinkSync(file)
}

/** link() makes the file with its content or not at all, and never replaces one. */
function tryLink(draft: string, file: string): boolean {
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/**
 * Renames a stale file before removing it: when two processes find the same one, the slower might otherwise
 * remove the file that the faster has just put in its place. If that is what it caught, it puts it back.
 */
function removeIfStale(file: string, dataDir: string): void {
  const seen = read(file)
  if (seen === undefined) return
  const owner = JSON.parse(seen) as { pid: number; startedAt: string | null }
  if (isAlive(owner.pid) && startOf(owner.pid) === owner.startedAt)
    throw new Error(
      `${dataDir} is in use by process ${owner.pid}: stop that one first, or give this one another folder with --data.`,
    )
  const aside = `${file}.stale.${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if (read(aside) !== seen) tryLink(aside, file)
  unlinkSync(aside)
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** When a process started, in clock ticks after boot: it tells apart two that had the same pid. Linux only. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return null
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
