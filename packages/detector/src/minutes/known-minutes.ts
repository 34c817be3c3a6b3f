import type { Minute } from './minute.js'

/** Events of the whole in a minute. */
function eventsOf({ samples }: Minute): number {
  return samples.find(({ metric, service }) => metric === 'events' && service === '')?.value ?? 0
}

/**
 * Minutes that are judged long after their time, because the detector was away: if they have no events, the rest of the stack
 * was away too, as far as anybody knows. Of such a minute, and of those beside it, which it cut short, no series is known.
 *
 * @param lateBefore minutes that end before this are late, seconds since 1970.
 */
export async function* knownMinutes(
  minutes: AsyncIterable<Minute>,
  lateBefore: number,
): AsyncGenerator<Minute> {
  const isSilent = (minute: Minute | undefined): boolean => minute !== undefined && eventsOf(minute) === 0
  let [before, current]: (Minute | undefined)[] = []
  const judged = (minute: Minute, after: Minute | undefined): Minute =>
    minute.seconds < lateBefore && [before, minute, after].some(isSilent)
      ? { ...minute, samples: [] }
      : minute
  for await (const next of minutes) {
    if (current !== undefined) yield judged(current, next)
    before = current
    current = next
  }
  if (current !== undefined) yield judged(current, undefined)
}
