const minuteSeconds = 60

/** The beginning of the minute that a moment lies in; both seconds since 1970. */
export function wholeMinute(seconds: number): number {
  return Math.floor(seconds / minuteSeconds) * minuteSeconds
}
