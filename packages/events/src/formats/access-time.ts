import { remember } from '../remember.js'
import { microsOf, parseIsoMicros } from '../timestamp.js'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const pattern =
  /^(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?(Z|[+-]\d\d:?\d\d)?$/

const remembered = remember<number | null>(10_000, (text) => {
  const match = pattern.exec(text)
  if (match === null) return parseIsoMicros(text) ?? null
  const [, day, name = '', year, hour, minute, second, fraction = '', offset] = match
  // No such month is month 0, which no calendar has.
  const month = months.indexOf(name.toLowerCase()) + 1
  const parts = [Number(year), month, Number(day), Number(hour), Number(minute), Number(second)] as const
  return microsOf(parts, Number(fraction.padEnd(6, '0').slice(0, 6)), offset) ?? null
})

/**
 * Reads the time of an access log, `22/Nov/2026:07:48:10 +0000`, or ISO 8601, which nginx can write too.
 *
 * @returns microseconds since 1970, or undefined if the text is no such time.
 */
export function parseAccessMicros(text: string): number | undefined {
  return remembered(text) ?? undefined
}
