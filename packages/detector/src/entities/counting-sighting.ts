import type { Sighting } from '../findings/sighting.js'

/** What a counting rule has counted. */
type Counted = Omit<
  Sighting,
  'endpoint' | 'unit' | 'expected' | 'expectedLow' | 'expectedHigh' | 'baseline' | 'score'
> & {
  limit: number
  windowMinutes: number
}

/** A sighting of a rule that counts: what is expected is fewer than its limit, whatever the past was like. */
export function countingSighting({ limit, windowMinutes, ...counted }: Counted): Sighting {
  return {
    ...counted,
    endpoint: '',
    unit: 'count',
    expected: 0,
    expectedLow: 0,
    expectedHigh: limit,
    baseline: `a limit of the rules file: ${limit} within ${windowMinutes} min`,
    score: counted.observed / limit,
  }
}
