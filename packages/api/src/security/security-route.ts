import type { Api, ApiParts } from '../api.js'
import { addAdminActions } from './security-admin-actions-route.js'
import { addLogins } from './security-logins-route.js'
import { addSuspects } from './security-suspects-route.js'

/** Who attacks, and who has the power to: `GET /v1/security/…` */
export function addSecurity(app: Api, parts: ApiParts): void {
  addLogins(app, parts)
  addSuspects(app, parts)
  addAdminActions(app, parts)
}
