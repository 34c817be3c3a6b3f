import { piece } from '../lines/byte-writer.js'
import type { User } from './population.js'

/** What a visitor has shown of a sign-in; the same for all who have shown the same. */
export interface Credentials {
  authMethod: User['authMethod'] | undefined
  authLevel: User['authLevel'] | undefined
  /** Both as a piece of JSON; where a token follows, up to its digits. */
  fragment: Uint8Array
}

/**
 * Who makes a request, as the shop knows it at that moment. Guests are known by their cookie alone. It holds no bytes
 * of its own: hundreds of thousands of visits go on at high rates, and what each drags along is fetched from far.
 */
export interface Identity {
  /** Lines write it as `idText` does, with `session_` before. */
  sessionId: number
  user: User
  credentials: Credentials
  /** The credential that a signed-in session carries; lines write it as `idText` does, with `token_` before. */
  token: number | undefined
}

const none: Credentials = { authMethod: undefined, authLevel: undefined, fragment: piece('') }

const tried = byMethod((authMethod) => ({
  authMethod,
  authLevel: undefined,
  fragment: piece(`,"auth_method":"${authMethod}"`),
}))

const signedIn = {
  user: byMethod((authMethod) => signedInAs(authMethod, 'user')),
  admin: byMethod((authMethod) => signedInAs(authMethod, 'admin')),
}

/** A visitor who has not signed in. */
export function guest(sessionId: number, user: User): Identity {
  return { sessionId, user, credentials: none, token: undefined }
}

/** A visitor who tries to sign in and fails. */
export function stranger(sessionId: number, user: User): Identity {
  return { sessionId, user, credentials: tried[user.authMethod], token: undefined }
}

/** A visitor who has signed in. */
export function member(sessionId: number, user: User, token: number): Identity {
  return { sessionId, user, credentials: signedIn[user.authLevel][user.authMethod], token }
}

function byMethod(
  make: (authMethod: User['authMethod']) => Credentials,
): Record<User['authMethod'], Credentials> {
  return { OAuth: make('OAuth'), JWT: make('JWT'), Basic: make('Basic') }
}

function signedInAs(authMethod: User['authMethod'], authLevel: User['authLevel']): Credentials {
  const json = `,"auth_method":"${authMethod}","auth_level":"${authLevel}","token":"token_`
  return { authMethod, authLevel, fragment: piece(json) }
}
