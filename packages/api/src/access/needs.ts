import type { Context, MiddlewareHandler } from 'hono'
import type { KeyRole } from '@pulsehouse/platform'
import type { ApiEnv } from '../api.js'
import { Problem } from '../http/problem.js'
import { missingKey } from './authenticate.js'
import { schemeName } from './describe-access.js'

/** What the holder of a key may not do without a role, in words. */
const deeds: Record<KeyRole, string> = {
  ingest: 'send events',
  read: 'ask this',
  personal: 'look for people (user and ip)',
  admin: 'see, make and revoke keys',
}

/**
 * Says in a route that it needs a role: `createRoute({ ...needs('read'), … })`. The middleware holds it and the
 * document tells it, so neither can be had without the other.
 *
 * @param deed what it is needed for, in words, where that is not what the role always is for.
 */
export function needs(
  role: KeyRole,
  deed?: string,
): {
  middleware: MiddlewareHandler<ApiEnv>
  security: Record<string, string[]>[]
} {
  const middleware: MiddlewareHandler<ApiEnv> = async (context, next) => {
    demand(context, role, deed)
    await next()
  }
  return { middleware, security: [{ [schemeName]: [role] }] }
}

/** Whether the key of a request has a role; an admin's has all of them. */
export function may(context: Context<ApiEnv>, role: KeyRole): boolean {
  const roles = context.get('key')?.roles ?? []
  return roles.includes(role) || roles.includes('admin')
}

/**
 * @param deed what it is needed for, in words, where that is not what the role always is for.
 * @throws {Problem} forbidden, naming the role, when the key of a request does not have it.
 */
export function demand(context: Context<ApiEnv>, role: KeyRole, deed = deeds[role]): void {
  const key = context.get('key')
  if (key === undefined) throw missingKey()
  if (may(context, role)) return
  throw new Problem(
    'forbidden',
    `The key "${key.name}" may not ${deed}: it has the roles ${key.roles.join(', ')} and needs ${role}.${adviceFor(role, key.roles)}`,
  )
}

/** `personal` asks nothing by itself and `read` sees nobody: a key that has one of them mostly wants both. */
function adviceFor(role: KeyRole, roles: readonly KeyRole[]): string {
  const both = new Set([role, ...roles])
  if (!both.has('read') || !both.has('personal')) return ''
  return ' The two go together: npm run keys -- create --role read,personal makes a key that has both.'
}
