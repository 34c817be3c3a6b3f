import type { Api, ApiParts } from '../api.js'
import { addFunnel } from './behaviour-funnel.js'
import { addSessionOrigins } from './behaviour-origins.js'
import { addTopPages } from './behaviour-pages.js'
import { addPaths } from './behaviour-paths.js'
import { addRetention } from './behaviour-retention.js'
import { addBehaviourSummary } from './behaviour-summary.js'

/** What people do: `GET /v1/behaviour/…` */
export function addBehaviour(app: Api, parts: ApiParts): void {
  addBehaviourSummary(app, parts)
  addFunnel(app, parts)
  addRetention(app, parts)
  addPaths(app, parts)
  addTopPages(app, parts)
  addSessionOrigins(app, parts)
}
