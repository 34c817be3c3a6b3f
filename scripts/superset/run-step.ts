import { spawn } from 'node:child_process'
import { setPriority } from 'node:os'

/** How a program is run to its end. */
export interface Step {
  /** What it does, for the sentence that says that it failed. */
  what: string
  file: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
  timeoutMs: number
  /** Gets everything it prints. */
  log: (text: string) => void
  signal: AbortSignal
}

const niceness = 10
/** How much of what a program printed stands in the sentence that it failed. */
const lastWordsChars = 600

/**
 * Runs a program to its end. Its input stays open and empty while we live: those of ours end with it.
 *
 * @throws when it fails or takes too long, with its last words; and when the signal ends it.
 */
export async function runStep({ what, file, args, env, timeoutMs, log, signal }: Step): Promise<void> {
  signal.throwIfAborted()
  const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'], signal, timeout: timeoutMs })
  // The stack that runs beside it comes first.
  if (child.pid !== undefined) setPriority(child.pid, niceness)
  let said = ''
  const hear = (text: string): void => {
    said = (said + text).slice(-lastWordsChars)
    log(text)
  }
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  const outcome = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, killedBy) =>
      resolve(code === 0 ? undefined : `${killedBy ?? `exit code ${code}`}: ${said.trim()}`),
    )
  })
  signal.throwIfAborted()
  if (outcome !== undefined) throw new Error(`${what} failed (${outcome})`)
}
