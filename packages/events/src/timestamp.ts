const isoPattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,18}))?)?)?\s?(Z|z|UTC|[+-]\d\d(?::?\d\d)?)?$/

/** Minutes that an ISO offset (`Z`, `+02:00`, `-0530`) is ahead of UTC; none is UTC. */
function offsetMinutes(offset: string | undefined): number {
  if (offset === undefined || /^(?:z|utc)$/i.test(offset)) return 0
  const digits = offset.slice(1).replace(':', '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)
  return offset.startsWith('-') ? -minutes : minutes
}

/**
 * Microseconds since 1970 of a calendar time; undefined where there is no such time (February 30th, 25 o'clock),
 * which `Date` would roll over in silence.
 */
export function microsOf(
  [year, month, day, hour, minute, second]: readonly [number, number, number, number, number, number],
  fractionMicros: number,
  offset: string | undefined,
): number | undefined {
  const ms = Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59))
  const date = new Date(ms)
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  const sameDay =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  const exists = sameDay && hour < 24 && minute < 60
  const offsetMin = offsetMinutes(offset)
  if (!exists || second > 60 || !(Math.abs(offsetMin) < 1_440)) return undefined
  return (ms - offsetMin * 60_000) * 1000 + fractionMicros
}

/**
 * Reads ISO 8601 with any usual fraction (digits below a microsecond are dropped); UTC unless an offset is given.
 *
 * @returns microseconds since 1970, or undefined if the text is no such time.
 */
export function parseIsoMicros(text: string): number | undefined {
  const match = isoPattern.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match
  const fractionMicros = Number(fraction.padEnd(6, '0').slice(0, 6))
  const parts = [year, month, day, hour, minute, second].map(Number)
  return microsOf(parts as [number, number, number, number, number, number], fractionMicros, offset)
}

/**
 * Reads a number as loggers write times: seconds, milliseconds, microseconds or nanoseconds since 1970, told apart
 * by magnitude (a second count stays below 10^11 until the year 5138).
 */
export function epochMicros(value: number): number | undefined {
  if (!Number.isFinite(value) || value < 0) return undefined
  if (value < 1e11) return Math.round(value * 1e6)
  if (value < 1e14) return Math.round(value * 1e3)
  if (value < 1e17) return Math.round(value)
  return Math.round(value / 1e3)
}

/** ISO 8601 in UTC with microseconds, as the API shows times. */
export function formatMicros(micros: number): string {
  const ms = Math.floor(micros / 1000)
  const rest = String(micros - ms * 1000).padStart(3, '0')
  return `${new Date(ms).toISOString().slice(0, -1)}${rest}Z`
}
