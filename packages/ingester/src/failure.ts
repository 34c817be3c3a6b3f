import { InsertError, StateConflict } from '@pulsehouse/platform'
import { UnsafeTables } from './assert-deduplication.js'

/**
 * What a failed insert means. A retry repeats the very same batch under the same token, so it is safe after every
 * failure; only where it can't help is the failure permanent, and a person is needed.
 */
export type FailureKind = 'retry' | 'permanent'

/**
 * ClickHouse's error codes that say the same at every attempt: the tables are not the ones that this program knows,
 * or it may not write to them. Whatever is not listed is retried: waiting is better than losing.
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

/** Judges a failure; the only place where that is decided. */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof StateConflict || error instanceof UnsafeTables) return 'permanent'
  if (error instanceof InsertError && error.code !== undefined && permanentCodes.has(error.code))
    return 'permanent'
  return 'retry'
}
