import { closeSync, constants, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { tryLock } from './system-calls.js'

/**
 * Makes this process the one owner of a data folder, by a lock of the kernel on the file `owner.json` in it. The kernel
 * gives the lock back when the process ends, however it ends.
 *
 * @returns what gives the folder back.
 * @throws when another process owns it.
 */
export function lockFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true })
  const path = join(dataDir, 'owner.json')
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  if (!tryLock(file)) {
    closeSync(file)
    throw new Error(
      `${dataDir} is in use by process ${ownerIn(path)}: stop that one first, or give this one another folder with --data.`,
    )
  }
  ftruncateSync(file)
  writeSync(file, JSON.stringify({ pid: process.pid }), 0)
  return () => closeSync(file)
}

/** Only for the message: the file may be empty for the moment that its owner takes to write it. */
function ownerIn(path: string): string {
  return /\d+/.exec(readFileSync(path, 'utf8'))?.[0] ?? 'that has just started'
}
