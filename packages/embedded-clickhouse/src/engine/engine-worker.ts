import { parentPort, workerData } from 'node:worker_threads'
import { connect, prepare, restore } from './engine-connection.js'
import type { FromWorker, Job, Stats, ToWorker } from './engine-messages.js'
import { firstWord } from '../sql/statement.js'
import { loadNative, type Connection } from './native.js'

/**
 * A thread that talks to the engine. Planning a query blocks the thread that asks for it (a scalar subquery
 * runs to its end there), so it must not be the one that listens.
 */
const native = loadNative()
const path = String(workerData)
const sessions = new Map<string, Connection>()
const running = new Map<number, { wake: () => void; cancelled: boolean }>()

parentPort?.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'run':
      void run(message.id, message.job)
      return
    case 'next':
      running.get(message.id)?.wake()
      return
    case 'cancel':
      cancel(message.id)
      return
    case 'end session':
      endSession(message.sessionId)
  }
})

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer)
}

function cancel(id: number): void {
  const query = running.get(id)
  if (query === undefined) return
  query.cancelled = true
  query.wake()
}

function endSession(sessionId: string): void {
  const connection = sessions.get(sessionId)
  sessions.delete(sessionId)
  if (connection !== undefined) native.CloseConnection(connection)
}

async function run(id: number, job: Job): Promise<void> {
  running.set(id, { wake: () => {}, cancelled: false })
  try {
    send({ kind: 'done', id, stats: await withConnection(job, (connection) => execute(id, job, connection)) })
  } catch (error) {
    send({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) })
  } finally {
    running.delete(id)
  }
}

async function withConnection(job: Job, use: (connection: Connection) => Promise<Stats>): Promise<Stats> {
  const kept = job.sessionId === undefined ? undefined : sessions.get(job.sessionId)
  const connection = kept ?? connect(native, path)
  if (job.sessionId !== undefined) sessions.set(job.sessionId, connection)
  try {
    prepare(native, connection, job)
    return await use(connection)
  } finally {
    if (job.sessionId === undefined) native.CloseConnection(connection)
    else restore(native, connection, job)
  }
}

/** The engine's own parser says what is a SELECT: everything else it refuses to stream, before running it. */
async function execute(id: number, job: Job, connection: Connection): Promise<Stats> {
  try {
    return await stream(id, job, connection)
  } catch (error) {
    if (!(error instanceof Error) || !notStreamable.test(error.message)) throw error
  }
  const word = firstWord(job.sql)
  if (job.readOnly && !harmless.has(word))
    throw new Error('Code: 164. DB::Exception: default: Cannot execute query in readonly mode. (READONLY)')
  if (word === 'INSERT') {
    const written = await native.InsertRawAsyncConnection(connection, job.sql, new Uint8Array(), false)
    return { writtenRows: written.rowsWritten, writtenBytes: written.bytesWritten }
  }
  const result = await native.QueryAsyncConnection(connection, job.sql, job.format)
  if (result.bytes.length > 0) await deliver(id, result.bytes, 0)
  return { readRows: result.rowsRead, readBytes: result.bytesRead }
}

const notStreamable = /^(Query failed: )?Code: 36\. DB::Exception: Streaming query is not supported/
const harmless = new Set(['SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN', 'SET', 'USE', 'CHECK'])

async function stream(id: number, job: Job, connection: Connection): Promise<Stats> {
  const handle = native.StreamQuery(connection, job.sql, job.format)
  try {
    while (running.get(id)?.cancelled === false) {
      const chunk = await native.StreamFetch(handle)
      if (chunk.done) return {}
      await deliver(id, chunk.bytes, chunk.numRows)
    }
    throw new Error('Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)')
  } finally {
    native.StreamCancel(handle)
  }
}

/** Hands a chunk over and waits until the listener wants the next one. */
async function deliver(id: number, bytes: Uint8Array, rows: number): Promise<void> {
  const query = running.get(id)
  if (query === undefined || query.cancelled) return
  await new Promise<void>((resolve) => {
    query.wake = resolve
    const own = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
    send({ kind: 'chunk', id, bytes, rows }, own ? [bytes.buffer] : [])
  })
}
