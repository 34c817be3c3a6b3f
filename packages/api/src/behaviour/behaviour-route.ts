import type { Api, ApiParts } from '../api.js'
import { addFunnel } from './behaviour-funnel-route.js'
import { addSessionOrigins } from './behaviour-origins-route.js'
import { addTopPages } from './behaviour-pages-route.js'
import { addPaths } from './behaviour-paths-route.js'
import { addRetention } from './behaviour-retention-route.js'
import { addBehaviourSummary } from './behaviour-summary-route.js'

/** What people do: `GET /v1/behaviour/…` */
export function addBehaviour(app: Api, parts: ApiParts): void {
  addBehaviourSummary(app, parts)
  addFunnel(app, parts)
  addRetention(app, parts)
  addPaths(app, parts)
  addTopPages(app, parts)
  addSessionOrigins(app, parts)
}
