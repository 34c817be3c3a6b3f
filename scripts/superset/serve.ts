import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { serverFolder } from './server-folder.js'

/** It is ready within this time or has failed, milliseconds. */
const startTimeoutMs = 120_000
/** It stops within this time or is killed, milliseconds. */
const stopTimeoutMs = 2_500
const pollEveryMs = 200

/** A Superset that answers. */
export interface SupersetServer {
  /** Settles when it has ended. */
  ended: Promise<void>
  stop(): Promise<void>
}

/**
 * Serves Superset on loopback and waits until it answers.
 *
 * @throws when it does not; the message says where to look.
 */
export async function serve(
  python: string,
  port: number,
  env: NodeJS.ProcessEnv,
  log: (text: string) => void,
  signal: AbortSignal,
): Promise<SupersetServer> {
  signal.throwIfAborted()
  const args = ['-m', 'gunicorn', '--config', join(serverFolder, 'gunicorn_config.py')]
  const child = spawn(python, [...args, '--bind', `127.0.0.1:${port}`], {
    env,
    // A process group of its own: Ctrl-C reaches only us. Its input ends with us, and it with its input.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdout.setEncoding('utf8').on('data', log)
  child.stderr.setEncoding('utf8').on('data', log)
  let hasEnded = false
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      hasEnded = true
      resolve()
    }
    child.once('error', (error) => {
      log(`${error.message}\n`)
      end()
    })
    child.once('exit', end)
  })
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await Promise.race([ended, delay(stopTimeoutMs, undefined, { ref: false })])
    if (!hasEnded && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    await ended
  }
  const deadlineMs = Date.now() + startTimeoutMs
  while (!(await answers(port))) {
    if (hasEnded) throw new Error('Superset has ended while it started')
    if (signal.aborted || Date.now() > deadlineMs) {
      await stop()
      signal.throwIfAborted()
      throw new Error(`Superset did not answer within ${startTimeoutMs / 1000} s`)
    }
    await delay(pollEveryMs)
  }
  return { ended, stop }
}

async function answers(port: number): Promise<boolean> {
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(5_000) })
    return reply.ok
  } catch {
    // Nothing listens yet.
    return false
  }
}
