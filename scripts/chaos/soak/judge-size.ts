import { median } from '../../median.js'
import type { ProcessSize } from './process-size.js'

/** A soak shorter than this is all warm-up, in seconds: its memory is reported and not judged. */
export const judgedFromS = 120

/**
 * What a size may grow by between the second and the last quarter. The share covers how much of what was freed the
 * allocator holds on to, which wanders; the constant is for small processes. A leak of some kilobytes a request comes to
 * more than both in ten minutes.
 */
const allowed = {
  residentBytes: { share: 0.05, constant: 32 * 1024 * 1024 },
  files: { share: 0.1, constant: 16 },
  threads: { share: 0.1, constant: 16 },
} as const

/** How a size went: medians of a quarter of the time each. */
export interface Growth {
  of: keyof typeof allowed
  /** In the second quarter, after the warm-up. */
  before: number
  /** In the last. */
  after: number
  most: number
  flat: boolean
}

/** Judges whether a process stayed flat: quarters and medians, so that neither the start nor a peak decides. */
export function judgeSizes(sizes: readonly ProcessSize[]): Growth[] {
  const quarter = Math.floor(sizes.length / 4)
  return (Object.keys(allowed) as (keyof typeof allowed)[]).map((of) => {
    const before = median(sizes.slice(quarter, 2 * quarter).map((size) => size[of]))
    const after = median(sizes.slice(3 * quarter).map((size) => size[of]))
    const most = before * (1 + allowed[of].share) + allowed[of].constant
    return { of, before, after, most, flat: after <= most }
  })
}
