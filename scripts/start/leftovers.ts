import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** How long what an earlier start left running may take to stop, milliseconds. */
const stopTimeoutMs = 8_000
const supervisorFile = 'start.pid'

/**
 * Makes this process the one that runs a data folder's stack. What a start that was killed left running is stopped
 * first: nats-server does not notice that its supervisor is gone.
 *
 * @returns gives the folder back.
 * @throws when another start is alive.
 */
export async function takeDataFolder(runFolder: string, say: (line: string) => void): Promise<() => void> {
  makeFolder(runFolder)
  const own = join(runFolder, supervisorFile)
  const other = aliveIn(own)
  if (other !== undefined && other !== process.pid) {
    throw new Error(
      `Another npm start (process ${other}) uses this data folder: stop it, or choose one with --data-dir.`,
    )
  }
  writeFileSync(own, String(process.pid))
  const files = readdirSync(runFolder).filter((name) => name.endsWith('.pid') && name !== supervisorFile)
  // All at once: a part may spend its whole time to stop on waiting for another that has to stop as well.
  await Promise.all(files.map((file) => stopLeftover(join(runFolder, file), say)))
  return () => rmSync(own, { force: true })
}

async function stopLeftover(pidFile: string, say: (line: string) => void): Promise<void> {
  const pid = aliveIn(pidFile)
  if (pid !== undefined) {
    say(`Stopping ${basename(pidFile, '.pid')} (process ${pid}), which an earlier start left behind…`)
    await stopProcess(pid)
  }
  rmSync(pidFile, { force: true })
}

function makeFolder(runFolder: string): void {
  const dataDir = dirname(runFolder)
  try {
    // Nobody else on the machine has to read what people did.
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    mkdirSync(runFolder, { recursive: true })
    accessSync(runFolder, constants.W_OK)
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'it is no folder'
    throw new Error(
      `The data folder ${dataDir} can't be written to (${why}): choose another with --data-dir.`,
      { cause },
    )
  }
}

/** The process that a pid file names, if it lives and is what the file says: ids are used again. */
function aliveIn(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    process.kill(pid, 0)
    return isOurs(pid) ? pid : undefined
  } catch {
    // No file, or no such process: both mean that nothing is left.
    return undefined
  }
}

function isOurs(pid: number): boolean {
  try {
    return /nats-server|\/dist\/|run\.mjs/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  } catch {
    // Without /proc the pid file is all there is to go by.
    return process.platform !== 'linux'
  }
}

async function stopProcess(pid: number): Promise<void> {
  const deadline = Date.now() + stopTimeoutMs
  send(pid, 'SIGTERM')
  while (isAlive(pid)) {
    if (Date.now() > deadline) send(pid, 'SIGKILL')
    await delay(50)
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended since it was looked at, which is what is wanted.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A zombie whose parent has not asked for it yet is dead for our purposes.
    return process.platform !== 'linux' || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}
