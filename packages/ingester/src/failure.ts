import { InsertError, StateConflict } from '@pulsehouse/platform'
import { UnsafeTables } from './assert-deduplication.js'
import type { Failure, FailureKind } from './delivery/delivery-event.js'

/**
 * ClickHouse's error codes that say the same at every attempt: the tables are not the ones that this program knows,
 * or it may not write to them. Whatever is not listed is retried: a retry repeats the very same batch under the same
 * token, so it is safe after every failure, and waiting is better than losing.
 */
const permanentCodes = new Map([
  [16, 'NO_SUCH_COLUMN_IN_TABLE'],
  [44, 'ILLEGAL_COLUMN'],
  [53, 'TYPE_MISMATCH'],
  [60, 'UNKNOWN_TABLE'],
  [62, 'SYNTAX_ERROR'],
  [81, 'UNKNOWN_DATABASE'],
  [115, 'UNKNOWN_SETTING'],
  [164, 'READONLY'],
  [192, 'UNKNOWN_USER'],
  [193, 'WRONG_PASSWORD'],
  [497, 'ACCESS_DENIED'],
  [516, 'AUTHENTICATION_FAILED'],
])

/** Codes of a ClickHouse that has too much to do, or no room, and what a person reads: it needs time, not requests. */
const crowdedCodes = new Map([
  [202, 'ClickHouse runs too many queries'],
  [241, 'ClickHouse has no memory for the insert'],
  [243, 'The disk of ClickHouse is full: free some space, nothing is lost meanwhile'],
  [252, 'ClickHouse has too many parts and is still merging'],
])

/** What the operating system and NATS say of a full disk. */
const fullDisk = /ENOSPC|no space left|insufficient (?:storage )?resources|insufficient storage/i

/** Judges a failure; the only place where that is decided. */
export function failureOf(error: unknown): Failure {
  const said = error instanceof Error ? error.message : String(error)
  const code = error instanceof InsertError ? error.code : undefined
  const crowded = code === undefined ? undefined : crowdedCodes.get(code)
  if (crowded !== undefined) return { kind: 'crowded', why: `${crowded}. (${said})` }
  const kind: FailureKind =
    error instanceof UnsafeTables || (code !== undefined && permanentCodes.has(code)) ? 'permanent' : 'retry'
  if (error instanceof StateConflict) return { kind, why: `The state is not ours to write: ${said}` }
  if (fullDisk.test(said))
    return { kind: 'crowded', why: `A disk is full: free some space, nothing is lost meanwhile. (${said})` }
  return { kind, why: said }
}
