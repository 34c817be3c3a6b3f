import { exception, type ClickhouseError } from '../http/errors.js'
import type { Chunk, Job, Progress } from './job.js'
import { endStream, fetchFrom, query, startStream, type Connection } from './library.js'

/** Runs a prepared statement to its end and hands its result over in one piece. */
export async function* runWhole(connection: Connection, job: Job): AsyncGenerator<Chunk, Progress> {
  const result = await query(connection, job.sql, job.format)
  if (result.bytes.length > 0) yield { bytes: result.bytes, rows: result.rows, progress: result }
  return result
}

/**
 * Runs a prepared statement that only reads. The result of a SELECT is fetched piece by piece, at the pace at which the
 * pieces are taken; the engine streams nothing else, but other results, as of SHOW, are small.
 */
export async function* runStreaming(
  connection: Connection,
  job: Job,
  signal: AbortSignal,
): AsyncGenerator<Chunk, Progress> {
  try {
    return yield* stream(connection, job, signal)
  } catch (error) {
    if (!isNotStreamable(error)) throw error
  }
  return yield* runWhole(connection, job)
}

/**
 * Asks the engine what is wrong with a text that does not parse. Not by running it, because the part before the
 * mistake would run: a text that the engine is asked to stream is parsed as a whole first.
 *
 * @throws always.
 */
export async function* explainFailure(
  connection: Connection,
  job: Job,
  signal: AbortSignal,
): AsyncGenerator<Chunk, Progress> {
  try {
    yield* stream(connection, job, signal)
  } catch (error) {
    if (!isNotStreamable(error)) throw error
  }
  throw exception(62, 'SYNTAX_ERROR', 'Syntax error: the statement does not parse')
}

async function* stream(
  connection: Connection,
  job: Job,
  signal: AbortSignal,
): AsyncGenerator<Chunk, Progress> {
  const done: Progress = { readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0 }
  const running = await startStream(connection, job.sql, job.format)
  try {
    for (;;) {
      if (signal.aborted) throw cancelled()
      const piece = await fetchFrom(running)
      if (piece === undefined) return done
      done.readRows += piece.readRows
      done.readBytes += piece.readBytes
      yield { bytes: piece.bytes, rows: piece.rows, progress: { ...done } }
    }
  } finally {
    await endStream(running)
  }
}

/** What a query ends with that was cancelled. */
export function cancelled(): ClickhouseError {
  return exception(394, 'QUERY_WAS_CANCELLED', 'Query was cancelled.')
}

/** Everything but one SELECT; it has not run. */
function isNotStreamable(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith(notStreamable)
}

const notStreamable = 'Code: 36. DB::Exception: Streaming query is not supported'
