import { createProtection, type LogEvent } from '../src/index.js'

/** Drops secrets and replaces people. */
export const protection = createProtection('pseudonyms', 'ab'.repeat(32))

/** Drops secrets only. */
export const plainProtection = createProtection('plain', 'ab'.repeat(32))

/** An event that says nothing. */
export const bareEvent: LogEvent = { timestamp: 1_700_000_000_000_000, level: 'INFO', attributes: {} }

/** Everything of a protected event as one text. */
export function stored(event: Partial<LogEvent>): string {
  return JSON.stringify(protection.event({ ...bareEvent, ...event }))
}
