import type { TimeRange } from '../parameters/time.js'

/** The name of a file with the rows of a time range, without its ending; colons are not allowed everywhere. */
export function fileNameOf(what: string, { fromMicros, toMicros }: TimeRange): string {
  const time = (micros: number): string => new Date(micros / 1000).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return `${what}-${time(fromMicros)}-${time(toMicros)}`
}
