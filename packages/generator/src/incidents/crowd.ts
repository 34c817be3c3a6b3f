import type { Stage } from './incident.js'
import type { Arrival } from '../shop/arrivals.js'
import { Agenda } from '../traffic/agenda.js'
import { Session } from '../traffic/session.js'
import type { ShopEvent } from '../traffic/shop-event.js'

/** A crowd does not come in one moment, nor leave in one. */
const rampUs = 300_000_000
/** New visitors come within this time of the place that they take. */
const arriveUs = 10_000_000

/**
 * Further visitors, so many times as many as there are on an ordinary visit. They come to the end of the incident and
 * then leave as they please.
 */
export function* crowd(
  { shop, startUs, endUs, visitors }: Stage,
  times: number,
  arrival: () => Arrival,
): Generator<ShopEvent> {
  const { random, population } = shop
  const agenda = new Agenda<Session>()
  const wanted = (atUs: number): number => {
    const share = Math.min(1, (atUs - startUs) / rampUs, (endUs - atUs) / rampUs)
    return Math.max(atUs < endUs ? 1 : 0, Math.round(times * share * visitors()))
  }
  for (let nowUs = startUs; ;) {
    while (agenda.size < wanted(nowUs)) {
      const session = new Session(shop, population.visitors.pick(random), arrival())
      agenda.add(nowUs + random.below(arriveUs), session)
    }
    const session = agenda.first
    if (session === undefined) return
    nowUs = agenda.nextAt
    yield session.request(nowUs)
    if (session.gapUs === Infinity) agenda.removeFirst()
    else agenda.postponeFirst(nowUs + session.gapUs)
  }
}
