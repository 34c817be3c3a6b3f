import { parseIsoMicros } from '@pulsehouse/events'

const minuteChars = 'YYYY-MM-DDTHH:MM'.length
const [zero, nine, colon, point, zulu] = [0x30, 0x39, 0x3a, 0x2e, 0x5a]

/** Reads `2026-11-22T10:00:00.153624Z`, with 0 to 6 digits behind the point. The minute is mostly that of the line before. */
export class TimestampReader {
  readonly #minute = new Uint8Array(minuteChars)
  #minuteMicros = Number.NaN

  /** Microseconds since 1970; NaN for what is written otherwise, or is no time. */
  read(bytes: Uint8Array, start: number, end: number): number {
    const second = start + minuteChars + 1
    if (end < second + 3 || bytes[end - 1] !== zulu || bytes[second - 1] !== colon) return Number.NaN
    const seconds = digits(bytes, second, second + 2)
    // A leap second is read as the calendar reads it.
    if (!(seconds < 60)) return Number.NaN
    let micros = 0
    if (end > second + 3) {
      const fraction = end - 1 - (second + 3)
      if (bytes[second + 2] !== point || fraction < 1 || fraction > 6) return Number.NaN
      micros = digits(bytes, second + 3, end - 1) * 10 ** (6 - fraction)
    }
    return this.#minuteOf(bytes, start) + seconds * 1_000_000 + micros
  }

  #minuteOf(bytes: Uint8Array, start: number): number {
    let index = 0
    while (index < minuteChars && bytes[start + index] === this.#minute[index]) index += 1
    if (index === minuteChars) return this.#minuteMicros
    this.#minute.set(bytes.subarray(start, start + minuteChars))
    const text = Buffer.from(this.#minute).toString('latin1')
    this.#minuteMicros = text[10] === 'T' ? (parseIsoMicros(`${text}:00Z`) ?? Number.NaN) : Number.NaN
    return this.#minuteMicros
  }
}

/** A whole number of digits; NaN if there is anything else. */
function digits(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let index = start; index < end; index += 1) {
    const byte = bytes[index] ?? 0
    if (byte < zero || byte > nine) return Number.NaN
    value = value * 10 + byte - zero
  }
  return value
}
