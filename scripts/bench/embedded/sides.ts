import type { DirectEngine } from './direct-engine.js'
import type { LeanClient } from './lean-client.js'

/** The two that are compared: a server over one folder, and the engine without one over another. */
export interface Sides {
  url: string
  client: LeanClient
  direct: DirectEngine
}
