import type { Api, ApiParts } from '../api.js'
import { addAdminActions } from './security-admin-actions.js'
import { addLogins } from './security-logins.js'
import { addSuspects } from './security-suspects.js'

/** Who attacks, and who has the power to: `GET /v1/security/…` */
export function addSecurity(app: Api, parts: ApiParts): void {
  addLogins(app, parts)
  addSuspects(app, parts)
  addAdminActions(app, parts)
}
