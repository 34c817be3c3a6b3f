import { once, type EventEmitter } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { pino, symbols, type Logger } from 'pino'

export type { Logger }

/**
 * A part's logger: one JSON line a message on standard output, where the supervisor or a container picks it up.
 * What it logs must never hold an event: `events.log` of a producer is personal data.
 */
export function createLogger(name: string, level = 'info'): Logger {
  return pino({ name, level, base: { name }, timestamp: pino.stdTimeFunctions.isoTime })
}

/**
 * Waits until what was logged last is written, at the most so long, milliseconds. After it the process can exit.
 *
 * Exiting alone is not enough: pino flushes at exit, and sonic-boom 4.2.1 tries a pipe that nobody reads any more again
 * for ever (its `flushSync` looks at no error), so a part whose supervisor was killed would never end.
 */
export async function closeLogger(log: Logger, withinMs = 1_000): Promise<void> {
  const stream = Reflect.get(log, symbols.streamSym) as EventEmitter & { flushSync: () => void }
  await Promise.race([once(stream, 'drain'), delay(withinMs)]).catch(() => undefined)
  stream.flushSync = () => undefined
}
