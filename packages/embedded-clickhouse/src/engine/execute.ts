import { exception, type ClickhouseError } from '../http/errors.js'
import { intoFile } from '../sql/into-file.js'
import type { Chunk, Job, Progress } from './job.js'
import {
  giveBack,
  endStream,
  fetchFrom,
  queryHere,
  query,
  startStream,
  type Connection,
  type EngineResult,
} from './library.js'
import { InsertStream } from './insert-stream.js'
import { ResultPipe } from './result-pipe.js'

/** Runs a prepared statement to its end and hands its result over in one piece. */
export async function* runWhole(connection: Connection, job: Job): AsyncGenerator<Chunk, Progress> {
  return yield* handOver(await query(connection, Buffer.from(job.sql, job.encoding), job.format))
}

/** The same on the listener's own thread, for what takes less time than a thread takes to wake up. */
export async function* runHere(connection: Connection, job: Job): AsyncGenerator<Chunk, Progress> {
  return yield* handOver(queryHere(connection, Buffer.from(job.sql, job.encoding), job.format))
}

function* handOver(result: EngineResult): Generator<Chunk, Progress> {
  const { bytes } = result
  if (bytes.length > 0) yield { ...releasable(bytes), isPreamble: false, progress: progressOf(result) }
  return progressOf(result)
}

/**
 * Runs a prepared SELECT in pieces, each a result of its own in the format, fetched when the one before has been taken.
 * Only for formats where results in a row are one result.
 */
export async function* runInPieces(
  connection: Connection,
  job: Job,
  signal: AbortSignal,
): AsyncGenerator<Chunk, Progress> {
  const done: Progress = { readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0, resultRows: 0 }
  const running = await startStream(connection, Buffer.from(job.sql, job.encoding), job.format)
  // The engine makes a piece while the one before is on its way to the client.
  let next = fetchFrom(running)
  try {
    for (;;) {
      const piece = await next
      if (piece === undefined) return done
      if (signal.aborted) throw cancelled()
      next = fetchFrom(running)
      next.catch(() => {})
      done.readRows += piece.readRows
      done.readBytes += piece.readBytes
      done.resultRows += piece.rows
      yield { ...releasable(piece.bytes), isPreamble: false, progress: { ...done } }
    }
  } finally {
    await next.catch(() => {})
    await endStream(running)
  }
}

/**
 * Runs a prepared SELECT that writes its result into a pipe, at the pace at which it is read: for formats that have a
 * beginning and an end.
 */
export async function* runThroughPipe(
  connection: Connection,
  job: Job,
  signal: AbortSignal,
): AsyncGenerator<Chunk, Progress> {
  const pipe = ResultPipe.open(job.pipeFolder)
  const sql = Buffer.from(intoFile(job.sql, pipe.path, job.format), job.encoding)
  const running = query(connection, sql, 'Null')
  // After a failure the engine may keep the pipe open, so that its end would never come.
  running.then(
    () => pipe.endWriting(),
    () => pipe.close(),
  )
  try {
    let isPreamble = true
    for await (const bytes of pipe.read()) {
      if (signal.aborted) throw cancelled()
      yield { bytes, release: () => {}, isPreamble, progress: nothing }
      isPreamble = false
    }
    return progressOf(await running)
  } finally {
    pipe.close()
    await running.catch(() => {})
  }
}

/**
 * Runs an INSERT while its data is being received. When that breaks off, the INSERT leaves nothing.
 *
 * @throws what the engine says, and what reading the data throws.
 */
export async function* runArriving(connection: Connection, job: Job): AsyncGenerator<Chunk, Progress> {
  const { arriving } = job
  if (arriving === undefined) throw new Error('There is no data on its way to this INSERT.')
  const insert = await InsertStream.begin(connection, Buffer.from(job.sql, job.encoding), arriving.format)
  let taken = Promise.resolve()
  try {
    for await (const piece of arriving.pieces) {
      // The next piece is received while the engine takes this one.
      await taken
      taken = insert.append(piece)
      taken.catch(() => {})
    }
    await taken
    return yield* handOver(await insert.commit())
  } finally {
    await taken.catch(() => {})
    await insert.close()
  }
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
    yield* runInPieces(connection, job, signal)
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith(notStreamable)) throw error
  }
  throw exception(62, 'SYNTAX_ERROR', 'Syntax error: the statement does not parse')
}

const notStreamable = 'Code: 36. DB::Exception: Streaming query is not supported'

/** What a query ends with that was cancelled. */
export function cancelled(): ClickhouseError {
  return exception(394, 'QUERY_WAS_CANCELLED', 'Query was cancelled.')
}

const nothing: Progress = { readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0, resultRows: 0 }

function progressOf({ readRows, readBytes, writtenRows, writtenBytes, rows }: Counted): Progress {
  return { readRows, readBytes, writtenRows, writtenBytes, resultRows: rows }
}

type Counted = Omit<Progress, 'resultRows'> & { rows: number }

function releasable(bytes: Uint8Array): Pick<Chunk, 'bytes' | 'release'> {
  return { bytes, release: () => giveBack(bytes) }
}
