import { piece } from '../lines/byte-writer.js'
import type { User } from './population.js'

/** Who makes a request, as the shop knows it at that moment. Guests are known by their cookie alone. */
export interface Identity {
  /** Hexadecimal digits, which lines put `session_` before. */
  sessionId: string
  user: User
  authMethod: User['authMethod'] | undefined
  authLevel: User['authLevel'] | undefined
  /** The credential that a signed-in session carries: digits, which lines put `token_` before. */
  token: string | undefined
  /** All of it as a piece of JSON. */
  fragment: Uint8Array
}

/** A visitor who has not signed in. */
export function guest(sessionId: string, user: User): Identity {
  const fragment = piece(`","session_id":"session_${sessionId}"${user.fragment}`)
  return { sessionId, user, authMethod: undefined, authLevel: undefined, token: undefined, fragment }
}

/** A visitor who tries to sign in and fails. */
export function stranger(sessionId: string, user: User): Identity {
  const { authMethod } = user
  const fragment = piece(
    `","session_id":"session_${sessionId}"${user.fragment},"auth_method":"${authMethod}"`,
  )
  return { sessionId, user, authMethod, authLevel: undefined, token: undefined, fragment }
}

/** A visitor who has signed in. */
export function member(sessionId: string, user: User, token: string): Identity {
  const { authMethod, authLevel } = user
  const auth = `"auth_method":"${authMethod}","auth_level":"${authLevel}","token":"token_${token}"`
  const fragment = piece(`","session_id":"session_${sessionId}"${user.fragment},${auth}`)
  return { sessionId, user, authMethod, authLevel, token, fragment }
}
