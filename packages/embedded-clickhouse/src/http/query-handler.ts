import type { IncomingMessage, ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import { canNameFile, refuseFile } from '../access/file-function.js'
import { checkViewerSettings } from '../access/viewer-settings.js'
import type { User } from '../access/users.js'
import type { Engine } from '../engine/engine.js'
import type { Job } from '../engine/job.js'
import { kindOf, type StatementKind } from '../engine/statement-kind.js'
import { limits } from '../limits.js'
import type { QueryLog } from '../query-log/query-log.js'
import { insertFromFile } from '../sql/insert.js'
import { firstWord, formatOf, type InsertHead } from '../sql/statement.js'
import { parametersOf } from './address.js'
import { Arrival, canBeReadOnArrival, LateArrival } from './arrival.js'
import { readStatement, statementOf, type Statement } from './body.js'
import { discardRest } from './discard-rest.js'
import { asException, exception } from './errors.js'
import { contentTypeOf, isFormatName } from './formats.js'
import { withForm } from './form.js'
import type { ExternalTable } from '../sql/external-table.js'
import type { Gate } from './gate.js'
import { loggedQueryOf } from './logged-query.js'
import { isMultipart } from './multipart.js'
import { Reply } from './reply.js'
import { readRequest, type QueryRequest } from './request.js'
import type { Sessions } from './sessions.js'
import type { Spool } from './spool.js'

/** What answering a query needs. */
export interface QueryContext {
  engine: Engine
  users: readonly User[]
  gate: Gate
  sessions: Sessions
  spool: Spool
  queryLog: QueryLog
  /** Aborted when the server stops. */
  stopping: AbortSignal
  /** One for each query on its way, aborted then, too: reads are cancelled, writes run to their end. */
  onTheirWay: Set<AbortController>
}

/** Answers one request to `/` from its first byte to the last byte of its reply; never rejects. */
export async function answerQuery(
  context: QueryContext,
  request: IncomingMessage,
  response: ServerResponse,
  search: string,
): Promise<void> {
  const nobodyWaits = new AbortController()
  context.onTheirWay.add(nobodyWaits)
  response.on('close', () => {
    context.onTheirWay.delete(nobodyWaits)
    // With a reason, because without one an error with its stack would be made for each request.
    nobodyWaits.abort('the reply has ended')
  })
  const { version } = context.engine
  let reply = new Reply(response, version, undefined, limits.held)
  try {
    if (context.stopping.aborted) throw exception(236, 'ABORTED', 'The server is shutting down', 503)
    const query = readRequest(request, parametersOf(search), context.users)
    reply = new Reply(response, version, query.encoding, query.waitForEnd ? limits.heldWaiting : limits.held)
    if (query.settings.some(([name, value]) => name === 'send_progress_in_http_headers' && value !== '0'))
      reply.tellProgress()
    response.setHeader('X-ClickHouse-Query-Id', query.queryId)
    const answer = (whole: QueryRequest, tables: readonly ExternalTable[]): Answer =>
      new Answer(context, whole, tables, request, response, reply, nobodyWaits.signal)
    if (isMultipart(request))
      await withForm(request, query, context.spool, async (form) => {
        await answer(form.query, form.tables).give(await statementOf(form.query.text))
      })
    else await answer(query, []).give(await readStatement(query.text, request))
    await reply.end()
  } catch (error) {
    await reply.fail(asException(error))
    // A request that was refused half-read: what is left of it must not be taken for the next one.
    await discardRest(request, response)
  }
}

/** One query on its way from the statement to the end of its reply. */
class Answer {
  constructor(
    private readonly context: QueryContext,
    private readonly query: QueryRequest,
    private readonly tables: readonly ExternalTable[],
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly reply: Reply,
    private readonly nobodyWaits: AbortSignal,
  ) {}

  async give(statement: Statement): Promise<void> {
    const { query } = this
    if (query.user.role === 'viewer') this.#checkViewer()
    if (statement.kind === 'plain') return await this.#plain(statement)
    try {
      await this.#insert(statement)
    } finally {
      await statement.leave()
    }
  }

  #checkViewer(): void {
    const { user, settings } = this.query
    checkViewerSettings(settings, user.limits)
    // Their columns would be SQL of the client's that runs before the connection is closed to changes.
    if (this.tables.length > 0)
      throw exception(
        497,
        'ACCESS_DENIED',
        `${user.name}: Not enough privileges. External tables are for the administrator.`,
      )
  }

  async #insert({ head, data }: Statement & { kind: 'insert' }): Promise<void> {
    const { context, request, query } = this
    const clauses = [head.into.trim(), head.settings.trim(), `FORMAT ${head.format}\n`]
    const sql = clauses.filter((clause) => clause !== '').join(' ')
    const { hasSecrets } = await context.engine.classify(Buffer.from(sql))
    await this.#logged(sql, 'Insert', hasSecrets, async () => {
      const kind = kindOf(this.#job(sql), { statements: 1, kind: 'write', hasSecrets: false })
      if (canBeReadOnArrival(request, query, head)) await this.#insertOnArrival(head, data, kind)
      else await this.#insertSpooled(head, data, kind)
    })
  }

  async #insertOnArrival(head: InsertHead, data: AsyncIterable<Buffer>, kind: StatementKind): Promise<void> {
    const arrival = new Arrival(data)
    try {
      const arriving = { format: head.format, pieces: arrival.inTime() }
      await this.#run({ ...this.#job(head.into), arriving }, kind)
    } catch (error) {
      if (!(error instanceof LateArrival)) throw error
      await this.#insertSpooled(head, arrival.all(), kind)
    } finally {
      arrival.release()
    }
  }

  async #insertSpooled(head: InsertHead, data: AsyncIterable<Buffer>, kind: StatementKind): Promise<void> {
    await this.context.spool.withFile(data, async (path) => {
      await this.#run(this.#job(insertFromFile(head, path)), kind)
    })
  }

  async #plain({ sql, encoding }: Statement & { kind: 'plain' }): Promise<void> {
    const word = firstWord(sql)
    if (word === '') throw exception(62, 'SYNTAX_ERROR', 'Syntax error: Empty query')
    const bytes = Buffer.from(sql, encoding)
    checkQuerySize(bytes.length, this.query.settings)
    const format = formatOf(sql) ?? this.query.format
    if (!isFormatName(format)) throw exception(73, 'UNKNOWN_FORMAT', `Unknown format ${format}`)
    const classification = await this.context.engine.classify(bytes)
    const kindName = `${word.slice(0, 1)}${word.slice(1).toLowerCase()}`
    // Where the parser can't tell, there may be a password in it.
    const isHidden = classification.hasSecrets || (classification.statements === 0 && /['"$]/.test(sql))
    await this.#logged(sql, kindName, isHidden, async () => {
      const text = word === 'KILL' ? this.context.engine.translateIds(sql) : sql
      const job = { ...this.#job(text), format, encoding }
      const kind = kindOf(job, classification)
      if (kind === 'read' && job.user.role === 'viewer') await this.#refuseFiles(job)
      if (kind === 'read' || word === 'KILL') this.#setFormat(format)
      // The engine's own logs are not there, so ours is what this statement is about.
      if (/^\s*SYSTEM\s+FLUSH\s+LOGS\b/i.test(sql)) await this.context.queryLog.flush()
      await this.#run(job, kind)
    })
  }

  async #logged(sql: string, kindName: string, hasSecrets: boolean, run: () => Promise<void>): Promise<void> {
    const { context, query, request, reply } = this
    const inLog = context.queryLog.begin(loggedQueryOf(request, query, sql, kindName, hasSecrets))
    try {
      await run()
      inLog.finish(reply.summary)
    } catch (error) {
      inLog.fail(asException(error), reply.summary)
      throw error
    }
  }

  async #run(job: Job, kind: StatementKind): Promise<void> {
    const { context, query, nobodyWaits } = this
    const leaveSession = query.session === undefined ? undefined : context.sessions.take(query.session)
    try {
      const leaveGate = await context.gate.enter(nobodyWaits)
      try {
        // A read is cancelled when nobody waits for it any more; a write is brought to its end.
        await this.#pump(job, kind, kind === 'write' ? never : nobodyWaits)
      } finally {
        leaveGate()
      }
    } finally {
      leaveSession?.()
    }
  }

  async #pump(job: Job, kind: StatementKind, stop: AbortSignal): Promise<void> {
    const { context, reply } = this
    const chunks = context.engine.run(job, kind, stop)
    for (;;) {
      const next = await chunks.next()
      if (next.done === true) return reply.progress(next.value)
      await reply.write(next.value)
    }
  }

  async #refuseFiles({ sql, user, params }: Job): Promise<void> {
    if (canNameFile(sql)) refuseFile(user.name, await this.context.engine.formatted(sql), params)
  }

  #job(sql: string): Job {
    const { format, database, settings, params, roles, user, readOnly, queryId, session } = this.query
    const request = {
      format,
      database,
      settings,
      params,
      roles,
      user,
      readOnly,
      queryId,
      tables: this.tables,
    }
    return {
      ...request,
      sql,
      encoding: 'utf8',
      pipeFolder: this.context.spool.folder,
      sessionId: session?.key,
    }
  }

  /** Only a statement with a result has a format. */
  #setFormat(format: string): void {
    if (/WithProgress$/i.test(format)) this.reply.sendAtOnce()
    this.response.setHeader('Content-Type', contentTypeOf(format))
    this.response.setHeader('X-ClickHouse-Format', format)
  }
}

const never = new AbortController().signal

/** Looked at before the text is: looking at a long one takes long. @throws {ClickhouseError} 62 */
function checkQuerySize(bytes: number, settings: QueryRequest['settings']): void {
  const given = Number(settings.find(([name]) => name === 'max_query_size')?.[1])
  if (bytes <= (given || limits.queryBytesMax)) return
  throw exception(
    62,
    'SYNTAX_ERROR',
    'Syntax error: Max query size exceeded (can be increased with the `max_query_size` setting)',
  )
}

const name = hostname()

/** The headers that every reply has. */
export function setServerHeaders(response: ServerResponse): void {
  response.setHeader('X-ClickHouse-Server-Display-Name', name)
  response.setHeader('X-ClickHouse-Timezone', 'UTC')
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
}
