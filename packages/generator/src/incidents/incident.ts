import type { IncidentKind } from './incident-kind.js'
import type { Shop } from '../shop/shop.js'
import type { ShopEvent } from '../traffic/shop-event.js'

/** The ground truth of an incident: what was planted, when and where. It never gets into the events. */
export interface PlantedIncident {
  /** Of its scenario and seed. */
  id: string
  kind: IncidentKind
  /** Whether it only looks like an incident. */
  harmless: boolean
  /** Microseconds since 1970. */
  startUs: number
  /** Microseconds since 1970. */
  endUs: number
  /** Empty where no one service is meant. */
  service: string
  /** As the pipeline folds it; empty where no one endpoint is meant. */
  endpoint: string
  /** What was done, for people. */
  detail: string
}

/** Where an incident happens. */
export interface Stage {
  /** The shop with draws of the incident's own: nothing that happens here changes the visits of others. */
  shop: Shop
  startUs: number
  endUs: number
  /** How many people are in the shop on an ordinary visit, now. */
  visitors: () => number
}

/** What an incident does to the traffic. */
export interface Effects {
  /** Changes an event of the shop's visitors in place, or lets it vanish by returning false. */
  change?: (event: ShopEvent) => boolean
  /** Requests of others, each of them in the order of time; they begin with the incident. */
  others?: readonly Iterable<ShopEvent>[]
}

/** An incident that is going to happen. */
export interface Incident extends PlantedIncident {
  /** Called when its time has come. */
  begin: (stage: Stage) => Effects
}
