import { closeLogger, type Logger } from './logger.js'
import { HelpRequested, UsageError } from './options.js'

/** A step of a shutdown; the name goes to the log. */
export interface StopStep {
  name: string
  run: () => Promise<void> | void
}

/** A running part: what to undo, in order, when it is told to stop. */
export interface RunningPart {
  /** Run one after the other; a step that fails is logged and the next one runs. */
  stop: StopStep[]
  /** Settles when the part can't go on; a rejection ends the process with exit code 1. */
  done?: Promise<void>
}

/** A stop takes this long at the most, in milliseconds; then the process exits all the same. */
export const stopDeadlineMs = 8_000

/**
 * Runs a part of the stack until SIGINT, SIGTERM, the end of its parent, or its own failure; stops it in order
 * and exits.
 */
export async function runPart(log: Logger, start: () => Promise<RunningPart>): Promise<void> {
  let stopping = false
  let part: RunningPart | undefined
  const stop = async (reason: string, exitCode: number): Promise<void> => {
    if (stopping) return
    stopping = true
    log.info({ reason }, 'stopping')
    setTimeout(() => {
      log.error(`did not stop within ${stopDeadlineMs} ms; exiting`)
      void exit(log, 1)
    }, stopDeadlineMs).unref()
    for (const step of part?.stop ?? []) {
      try {
        await step.run()
      } catch (error) {
        log.error({ err: error, step: step.name }, 'a step of the shutdown failed')
      }
    }
    log.info('stopped')
    await exit(log, exitCode)
  }
  process.on('SIGINT', () => void stop('SIGINT', 0))
  process.on('SIGTERM', () => void stop('SIGTERM', 0))
  // Under a supervisor there is an IPC channel: when it goes, the supervisor is gone, and so must we be.
  process.on('disconnect', () => void stop('the supervisor is gone', 0))
  try {
    part = await start()
    if (stopping) return
    log.info('ready')
    process.send?.('ready')
    await part.done
  } catch (error) {
    log.fatal({ err: error }, error instanceof Error ? error.message : String(error))
    await stop('failure', 1)
  }
}

async function exit(log: Logger, code: number): Promise<void> {
  await closeLogger(log)
  process.exit(code)
}

/**
 * Runs a command-line tool: prints help on standard output, what went wrong on standard error, and exits with
 * 0, 1 (it failed) or 2 (it was called wrongly).
 */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main()
  } catch (error) {
    if (error instanceof HelpRequested) {
      process.stdout.write(`${error.message}\n`)
      return
    }
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}
