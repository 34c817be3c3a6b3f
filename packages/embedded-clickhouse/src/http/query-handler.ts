import type { IncomingMessage, ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import { readStatement, type Statement } from './body.js'
import type { Engine } from '../engine/engine.js'
import type { Job } from '../engine/engine-messages.js'
import { asException, exception } from './errors.js'
import { contentTypeOf } from './formats.js'
import type { Gate } from './gate.js'
import { insertFromFile } from '../sql/insert.js'
import { limits } from '../limits.js'
import { Reply } from './reply.js'
import { readRequest, type QueryRequest } from './request.js'
import type { Sessions } from './sessions.js'
import type { Spool } from './spool.js'
import { firstWord, formatOf } from '../sql/statement.js'

/** What answering a query needs. */
export interface QueryContext {
  engine: Engine
  gate: Gate
  sessions: Sessions
  spool: Spool
  /** The engine's version. */
  version: string
  /** Aborted when the server stops: reads are cancelled, writes run to their end. */
  stopping: AbortSignal
}

/** Answers one request to `/` from its first byte to the last byte of its reply; never rejects. */
export async function answerQuery(
  context: QueryContext,
  request: IncomingMessage,
  response: ServerResponse,
  parameters: URLSearchParams,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  let reply = new Reply(response, context.version, undefined, 0)
  try {
    const query = readRequest(request, parameters)
    reply = new Reply(
      response,
      context.version,
      query.encoding,
      query.waitForEnd ? limits.heldBytesWaiting : limits.heldBytes,
    )
    response.setHeader('X-ClickHouse-Query-Id', query.queryId)
    await answer(context, query, await readStatement(query.text, request), response, reply, gone.signal)
    await reply.end()
  } catch (error) {
    await reply.fail(asException(error))
    // A request that was refused half-read: what is left of it must not be taken for the next one.
    if (!request.complete) request.destroy()
  }
}

async function answer(
  context: QueryContext,
  query: QueryRequest,
  statement: Statement,
  response: ServerResponse,
  reply: Reply,
  gone: AbortSignal,
): Promise<void> {
  if (statement.kind === 'insert') {
    setFormat(response, query.format)
    const { head, data } = statement
    return await context.spool.withFile(data, async (path) => {
      const job = jobOf(query, insertFromFile(head, path))
      await run(context, query, job, reply, gone, new AbortController().signal)
    })
  }
  const { sql } = statement
  const word = firstWord(sql)
  if (word === '') throw exception(62, 'SYNTAX_ERROR', 'Syntax error: Empty query')
  setFormat(response, formatOf(sql) ?? query.format)
  const stop = reads.has(word) ? AbortSignal.any([gone, context.stopping]) : new AbortController().signal
  await run(context, query, jobOf(query, sql), reply, gone, stop)
}

/** Statements that nobody needs when the client has gone; a write is brought to its end. */
const reads = new Set(['SELECT', 'WITH', 'FROM', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN'])

async function run(
  context: QueryContext,
  query: QueryRequest,
  job: Job,
  reply: Reply,
  gone: AbortSignal,
  stop: AbortSignal,
): Promise<void> {
  const leaveSession = query.session === undefined ? undefined : context.sessions.take(query.session)
  try {
    const leaveGate = await context.gate.enter(AbortSignal.any([gone, context.stopping]))
    try {
      await pump(context.engine, job, reply, stop)
    } finally {
      leaveGate()
    }
  } finally {
    leaveSession?.()
  }
}

async function pump(engine: Engine, job: Job, reply: Reply, stop: AbortSignal): Promise<void> {
  const chunks = engine.run(job, stop)
  for (;;) {
    const next = await chunks.next()
    if (next.done === true) {
      const { readRows = 0, readBytes = 0, writtenRows = 0, writtenBytes = 0 } = next.value
      Object.assign(reply.summary, { readRows, readBytes, writtenRows, writtenBytes })
      return
    }
    await reply.write(next.value.bytes, next.value.rows)
  }
}

function jobOf(query: QueryRequest, sql: string): Job {
  const { format, database, settings, params, readOnly, queryId } = query
  return { sql, format, database, settings, params, readOnly, queryId, sessionId: query.session?.id }
}

function setFormat(response: ServerResponse, format: string): void {
  response.setHeader('Content-Type', contentTypeOf(format))
  response.setHeader('X-ClickHouse-Format', format)
}

/** The headers that every reply has. */
export function setServerHeaders(response: ServerResponse): void {
  response.setHeader('X-ClickHouse-Server-Display-Name', hostname())
  response.setHeader('X-ClickHouse-Timezone', 'UTC')
}
