/** Three digits of every number below a thousand. */
const digits3 = Array.from({ length: 1_000 }, (_, number) => String(number).padStart(3, '0'))

/**
 * Makes a function that writes microseconds since 1970 as ISO 8601 in UTC with six decimals and without a zone:
 * `2026-11-22T07:48:10.784120`. It remembers the second of the time before, which is mostly the same one.
 */
export function createTimestampText(): (atUs: number) => string {
  let second = -1
  let prefix = ''
  return (atUs) => {
    const atSecond = Math.floor(atUs / 1e6)
    if (atSecond !== second) {
      second = atSecond
      prefix = new Date(atSecond * 1_000).toISOString().slice(0, 20)
    }
    const us = atUs - atSecond * 1e6
    const fraction = `${digits3[Math.floor(us / 1_000)]}${digits3[us % 1_000]}`
    return prefix + fraction
  }
}
