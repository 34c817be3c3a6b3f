/** Traffic of each hour in UTC as the shop sees it: quiet at four, busy over lunch, busiest in the evening. */
const hours = [
  0.52, 0.34, 0.24, 0.19, 0.18, 0.24, 0.4, 0.64, 0.86, 1.02, 1.14, 1.24, 1.34, 1.28, 1.2, 1.18, 1.24, 1.36,
  1.54, 1.76, 1.86, 1.72, 1.32, 0.86,
]
const mean = hours.reduce((sum, weight) => sum + weight, 0) / hours.length
const hourUs = 3_600_000_000

/** How many times the average rate a moment has; the mean over a day is 1. Takes microseconds since 1970. */
export type RateCurve = (atUs: number) => number

/** The rhythm of a day, straight between the full hours. */
export const dayCurve: RateCurve = (atUs) => {
  const hour = (atUs / hourUs) % 24
  const before = Math.floor(hour)
  const from = hours[before] ?? mean
  const to = hours[(before + 1) % 24] ?? mean
  return (from + (to - from) * (hour - before)) / mean
}

/** The same rate at every hour, for load tests. */
export const steadyCurve: RateCurve = () => 1
