import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Logger } from '@pulsehouse/platform'
import { spoolFolderOf } from '../http/spool.js'
import { spawnServer } from './child.js'

/** What to start. */
export interface StartOptions {
  dataDir: string
  /** 0 picks a free one. */
  port: number
  /** 127.0.0.1 unless given. */
  host?: string
  /** Further words for the command line, as `--viewer-password` and its value. */
  args?: readonly string[]
  /** Gets the server's own log lines, and why it did not start. */
  log: Pick<Logger, 'debug' | 'error'>
}

/** A running server. */
export interface StartedClickhouse {
  /** Its address, without a slash at the end. */
  url: string
  port: number
  /** Its process, for tests that kill it. */
  pid: number
  /** Stops it; settles when its process is gone, which takes no longer than 5 s. */
  close(): Promise<void>
}

/**
 * Starts a server in a process of its own, for tests and supervisors: the engine opens one data folder in a
 * process's life and needs an environment that this process may not have.
 *
 * @throws when it does not come up; the message ends with what the server said last.
 */
export async function startClickhouse(options: StartOptions): Promise<StartedClickhouse> {
  const { port, host = '127.0.0.1', args = [], log } = options
  const dataDir = resolve(options.dataDir)
  const child = spawnServer(
    dataDir,
    ['--data', dataDir, '--port', String(port), '--host', host, ...args],
    ['ignore', 'pipe', 'pipe', 'ipc'],
    process.env,
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-saidMax)
      log.debug(text.trim())
    })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const listening = await new Promise<number>((resolve, reject) => {
    child.on('message', (message) => {
      if (hasPort(message)) resolve(message.port)
    })
    child.once('error', reject)
    child.once('close', (code) =>
      reject(new Error(`ClickHouse did not start (exit code ${code}): ${said.trim()}`)),
    )
  })
  return {
    url: `http://${host}:${listening}`,
    port: listening,
    pid: child.pid ?? 0,
    async close() {
      child.kill('SIGTERM')
      await gone
      // The server itself is confined to what is in it.
      rmSync(spoolFolderOf(dataDir), { recursive: true, force: true })
    },
  }
}

/** How much of what the server says is kept for an error, in characters. */
const saidMax = 4_000

function hasPort(message: unknown): message is { port: number } {
  return (
    typeof message === 'object' && message !== null && 'port' in message && typeof message.port === 'number'
  )
}
