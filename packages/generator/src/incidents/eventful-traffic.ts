import type { Effects, Incident, Stage } from './incident.js'
import { Agenda } from '../traffic/agenda.js'
import type { EventSource, Planted, Traffic } from '../traffic/traffic.js'
import type { ShopEvent } from '../traffic/shop-event.js'

/** What eventful traffic is made of. */
export interface EventfulTrafficParts {
  /** Makes the everyday; what it says of planted anomalies is passed on only for events that do not vanish. */
  everyday: (onPlanted: (planted: Planted) => void) => Traffic
  incidents: readonly Incident[]
  /** The stage of an incident, by its place in the list. */
  stageOf: (incident: Incident, index: number, visitors: () => number) => Stage
  onPlanted: (planted: Planted) => void
}

/** Somebody's requests, the next of which is known. */
interface Requests {
  event: ShopEvent
  rest: Iterator<ShopEvent>
}

/** Traffic with incidents laid over it, in the order of time. Without one under way it is the everyday, byte by byte. */
export class EventfulTraffic implements EventSource {
  readonly #parts: EventfulTrafficParts
  readonly #everyday: Traffic
  /** The first that is to come is the last of the list. */
  readonly #toCome: { incident: Incident; index: number }[]
  #changes: { endUs: number; change: NonNullable<Effects['change']> }[] = []
  readonly #others = new Agenda<Requests>()
  /** Until when everybody stood still. */
  #stillUntilUs = -Infinity
  #planted: Planted | undefined
  /** One event is drawn ahead: only so it is known when the next one happens that does not vanish. */
  #ahead: ShopEvent

  constructor(parts: EventfulTrafficParts) {
    this.#parts = parts
    this.#everyday = parts.everyday((planted) => (this.#planted = planted))
    this.#toCome = parts.incidents
      .map((incident, index) => ({ incident, index }))
      .toSorted((a, b) => b.incident.startUs - a.incident.startUs)
    this.#ahead = this.#drawEveryday()
  }

  /** When the next event happens, in microseconds since 1970. */
  get nextAtUs(): number {
    return Math.min(this.#ahead.atUs, this.#others.nextAt)
  }

  /** Draws the next event. */
  next(): ShopEvent {
    return this.#others.nextAt < this.#ahead.atUs ? this.#nextOfOthers() : this.#nextOfEveryday()
  }

  /** Lets everybody stand still; what others would have done meanwhile does not happen. */
  skipTo(atUs: number): void {
    const lateUs = Math.max(0, atUs - this.#ahead.atUs)
    this.#ahead.atUs += lateUs
    this.#everyday.skipTo(this.#ahead.atUs)
    this.#stillUntilUs = atUs
    while (this.#others.nextAt < atUs) this.#nextOfOthers()
  }

  #nextOfEveryday(): ShopEvent {
    const event = this.#ahead
    if (this.#planted !== undefined) this.#parts.onPlanted(this.#planted)
    this.#ahead = this.#drawEveryday()
    return event
  }

  #nextOfOthers(): ShopEvent {
    const requests = this.#others.first
    if (requests === undefined) throw new Error('Nobody else is there; this is a bug of the generator.')
    const { event, rest } = requests
    const following = rest.next()
    if (following.done === true) {
      this.#others.removeFirst()
    } else {
      requests.event = following.value
      this.#others.postponeFirst(following.value.atUs)
    }
    return event
  }

  /** The next event that does not vanish. */
  #drawEveryday(): ShopEvent {
    for (;;) {
      this.#planted = undefined
      const event = this.#everyday.next()
      this.#begin(event.atUs)
      if (this.#passes(event)) return event
    }
  }

  #passes(event: ShopEvent): boolean {
    if (this.#changes.some(({ endUs }) => endUs <= event.atUs)) {
      this.#changes = this.#changes.filter(({ endUs }) => endUs > event.atUs)
    }
    return this.#changes.every(({ change }) => change(event))
  }

  /** Begins what is due. */
  #begin(atUs: number): void {
    for (let next = this.#toCome.at(-1); next !== undefined; next = this.#toCome.at(-1)) {
      const { incident, index } = next
      if (incident.startUs > atUs) return
      this.#toCome.pop()
      const stage = this.#parts.stageOf(incident, index, () => this.#everyday.visitors)
      const { change, others = [] } = incident.begin(stage)
      if (change !== undefined) this.#changes.push({ endUs: incident.endUs, change })
      for (const requests of others) this.#expect(requests[Symbol.iterator]())
    }
  }

  #expect(rest: Iterator<ShopEvent>): void {
    for (let first = rest.next(); first.done !== true; first = rest.next()) {
      const event = first.value
      if (event.atUs >= this.#stillUntilUs) return this.#others.add(event.atUs, { event, rest })
    }
  }
}
