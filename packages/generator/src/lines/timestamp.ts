import { piece, type ByteWriter } from './byte-writer.js'

/**
 * Makes a function that writes microseconds since 1970 as ISO 8601 in UTC with six decimals and without a zone:
 * `2026-11-22T07:48:10.784120`. It remembers the second of the time before, which is mostly the same one.
 */
export function createTimestamp(begin = ''): (out: ByteWriter, atUs: number) => void {
  let second = -1
  let prefix = piece('')
  return (out, atUs) => {
    const atSecond = Math.floor(atUs / 1e6)
    if (atSecond !== second) {
      second = atSecond
      prefix = piece(begin + new Date(atSecond * 1_000).toISOString().slice(0, 20))
    }
    out.piece(prefix)
    out.digits(atUs - atSecond * 1e6, 6)
  }
}
