import { createHash, timingSafeEqual } from 'node:crypto'
import { exception } from '../http/errors.js'

/** What the engine holds a user to. 0 is no limit. */
export interface UserLimits {
  /** A query that takes longer is cancelled, in seconds. */
  maxExecutionTimeS: number
  /** A query that needs more memory fails, in bytes. */
  maxMemoryUsageBytes: number
  /** A query whose result has more rows fails. */
  maxResultRows: number
}

/** Somebody who may log in. */
export interface User {
  name: string
  /** The role of the engine that says what the user may. */
  role: 'administrator' | 'viewer'
  /** SHA-256 of the password; of nothing where there is none. */
  passwordHash: Buffer
  hasPassword: boolean
  limits: UserLimits
}

/** Who a request says that it is from. */
export interface Credentials {
  user: string
  password: string
}

/** @param password empty for none. */
export function userOf(name: string, role: User['role'], password: string, limits: UserLimits): User {
  return { name, role, passwordHash: hash(password), hasPassword: password !== '', limits }
}

/**
 * Finds out who is asking. It takes as long for a wrong name as for a wrong password, whatever the password.
 *
 * @throws {ClickhouseError} 516, which does not say which of the two was wrong.
 */
export function authenticate(users: readonly User[], { user: name, password }: Credentials): User {
  const user = users.find((candidate) => candidate.name === name)
  // Where there is no password, there is none to find out.
  if (user?.hasPassword === false && password === '') return user
  const given = hash(password)
  const isRight = timingSafeEqual(given, user?.passwordHash ?? hash(`not ${password}`))
  if (user !== undefined && isRight) return user
  throw exception(
    516,
    'AUTHENTICATION_FAILED',
    `${name}: Authentication failed: password is incorrect, or there is no user with such name.`,
  )
}

function hash(password: string): Buffer {
  return createHash('sha256').update(password).digest()
}
