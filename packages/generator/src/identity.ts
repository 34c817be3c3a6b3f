import { jsonFragment } from './fragment.js'
import type { User } from './population.js'

/** Who makes a request, as the shop knows it at that moment. Guests are known by their cookie alone. */
export interface Identity {
  sessionId: string
  user: User
  authMethod?: string
  authLevel?: string
  /** The credential that a signed-in session carries. */
  token?: string
  /** All of it as a piece of JSON. */
  fragment: string
}

/** Says who it is: a guest, one who tries to sign in (with a method), or one who is signed in (with a token). */
export function identify(
  sessionId: string,
  user: User,
  auth: { method?: boolean; token?: string } = {},
): Identity {
  const signedIn = auth.token !== undefined
  const optional = {
    ...(auth.method === true || signedIn ? { authMethod: user.authMethod } : {}),
    ...(auth.token === undefined ? {} : { authLevel: user.authLevel, token: auth.token }),
  }
  const fragment = jsonFragment({
    session_id: sessionId,
    user_id: user.id,
    ip_address: user.ipAddress,
    user_agent: user.userAgent,
    auth_method: optional.authMethod,
    auth_level: optional.authLevel,
    token: optional.token,
  })
  return { sessionId, user, ...optional, fragment }
}
