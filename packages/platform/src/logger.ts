import { pino, type Logger } from 'pino'

export type { Logger }

/**
 * A part's logger: one JSON line a message on standard output, where the supervisor or a container picks it up.
 * What it logs must never hold an event: `events.log` of a producer is personal data.
 */
export function createLogger(name: string, level = 'info'): Logger {
  return pino({ name, level, base: { name }, timestamp: pino.stdTimeFunctions.isoTime })
}
