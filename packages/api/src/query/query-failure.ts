/**
 * Why there is no answer: it took too long, too much memory, too many rows or bytes, ClickHouse is not there or can't take more now, nobody waits for the
 * answer any more, or the query itself fails at every attempt.
 */
export type QueryFailureKind =
  'time_limit' | 'memory_limit' | 'too_many_rows' | 'too_many_bytes' | 'unavailable' | 'cancelled' | 'failed'

/** ClickHouse has one code for both; only the text tells them apart. */
const rowsOrBytes = '396'

/** ClickHouse's error codes that say more than "failed". */
const kindOfCode: ReadonlyMap<string, QueryFailureKind> = new Map([
  // TIMEOUT_EXCEEDED, TOO_SLOW
  ['159', 'time_limit'],
  ['160', 'time_limit'],
  // UNKNOWN_TABLE, UNKNOWN_DATABASE: not migrated yet
  ['60', 'unavailable'],
  ['81', 'unavailable'],
  // TOO_MANY_SIMULTANEOUS_QUERIES
  ['202', 'unavailable'],
  // MEMORY_LIMIT_EXCEEDED
  ['241', 'memory_limit'],
  // TOO_MANY_ROWS_OR_BYTES
  [rowsOrBytes, 'too_many_rows'],
  // Wrong user or password
  ['192', 'unavailable'],
  ['193', 'unavailable'],
  ['516', 'unavailable'],
])

/**
 * A query without an answer. The message carries ClickHouse's code and not its text, which repeats the query's
 * values, and those may be personal data.
 */
export class QueryFailure extends Error {
  readonly kind: QueryFailureKind
  readonly query: string

  constructor(kind: QueryFailureKind, query: string, why: string, cause?: unknown) {
    super(`the query ${query} has no answer: ${why}`, { cause })
    this.kind = kind
    this.query = query
  }

  /** What an error of the client means. The client's errors are told apart by their members, not by their class. */
  static of(query: string, error: unknown): QueryFailure {
    const { code, type, message } = partsOf(error)
    if (code === undefined) {
      return message === 'Timeout error.'
        ? new QueryFailure('time_limit', query, 'no answer', error)
        : new QueryFailure('unavailable', query, 'the answer could not be read', error)
    }
    // ClickHouse's codes are numbers, the network's are words: ECONNREFUSED.
    const fromClickhouse = /^\d+$/.test(code)
    const kind = fromClickhouse ? kindOf(code, message) : 'unavailable'
    return new QueryFailure(
      kind,
      query,
      fromClickhouse ? `ClickHouse says ${type ?? 'error'} (${code})` : code,
      error,
    )
  }
}

function kindOf(code: string, message = ''): QueryFailureKind {
  if (code === rowsOrBytes && message.includes('max bytes')) return 'too_many_bytes'
  return kindOfCode.get(code) ?? 'failed'
}

function partsOf(error: unknown): { code?: string; type?: string; message?: string } {
  if (!(error instanceof Error)) return {}
  const { code, type, message } = error as Error & { code?: unknown; type?: unknown }
  return {
    message,
    ...(typeof code === 'string' && code !== '' ? { code } : {}),
    ...(typeof type === 'string' ? { type } : {}),
  }
}
