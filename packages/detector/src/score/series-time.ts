/** Seconds and milliseconds since 1970 are told apart by this: as seconds it is the year 5138. */
const millisecondsFrom = 1e11

/**
 * Reads a time: seconds or milliseconds since 1970, or ISO 8601 with a `T` or a space; UTC where no offset is given.
 *
 * @returns seconds since 1970; undefined when it is no time.
 */
export function parseTime(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text)) {
    const number = Number(text)
    return Math.abs(number) >= millisecondsFrom ? number / 1000 : number
  }
  const [, date, time = '00:00', offset = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z|[+-]\d{2}:?\d{2})?$/.exec(text) ?? []
  if (date === undefined) return undefined
  const millis = Date.parse(`${date}T${time}${offset}`)
  return Number.isNaN(millis) ? undefined : millis / 1000
}
