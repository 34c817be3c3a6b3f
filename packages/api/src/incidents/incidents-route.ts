import type { Api, ApiParts } from '../api.js'
import { addExpectations } from './expectations-route.js'
import { addFinding } from './finding-route.js'
import { addFindings } from './findings-route.js'
import { addIncident } from './incident-route.js'
import { addIncidentList } from './incidents-list-route.js'
import { addIncidentsLive } from './incidents-live-route.js'
import { addMutes } from './mutes-route.js'

/** Everything under `/v1/incidents`, `/v1/findings`, `/v1/expectations` and `/v1/mutes`. */
export function addIncidents(app: Api, parts: ApiParts): void {
  addIncidentList(app, parts)
  // Before /v1/incidents/{id}: the first route that fits an address answers.
  addIncidentsLive(app, parts)
  addIncident(app, parts)
  addFindings(app, parts)
  addFinding(app, parts)
  addExpectations(app, parts)
  addMutes(app, parts)
}
