import type { FaultCounts } from './faults.js'
import { World, type Variant } from './world.js'

/** Everything goes wrong up to this moment of a schedule, and nothing after it, milliseconds. */
const calmFromMs = 5_000
/** By then all must be stored, milliseconds. */
const storedByMs = 90_000
/** After all seems settled, so long is waited for whoever comes back late, milliseconds. */
const settlingMs = 600

/**
 * Runs the schedule of a seed: faults, then none, until all is stored.
 *
 * @param counts how often each kind of fault struck; added to.
 * @returns what the schedule has shown to be wrong; undefined where everything is everywhere once.
 */
export function runSchedule(
  seed: number,
  variant: Variant,
  counts: FaultCounts,
  trace?: string[],
): string | undefined {
  const world = new World(seed, variant, counts, trace)
  const { timeline } = world
  let quietSinceMs = Infinity
  while (world.fault === undefined) {
    if (!timeline.advance()) return 'nothing happens any more'
    if (timeline.nowMs < calmFromMs) continue
    world.faults.calm = true
    if (!world.isQuiet) quietSinceMs = Infinity
    else if (quietSinceMs === Infinity) quietSinceMs = timeline.nowMs
    if (timeline.nowMs - quietSinceMs >= settlingMs) return world.findFault()
    if (timeline.nowMs > storedByMs) return world.findFault() ?? 'the rest is never committed'
  }
  return world.fault
}
