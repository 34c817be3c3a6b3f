import { exception } from '../http/errors.js'
import { limits } from '../limits.js'
import { checkEngineVersion, prepareDataFolder, type DataFolder } from './data-folder.js'
import { replaceTokens } from '../sql/tokens.js'
import type { Logger } from '@pulsehouse/platform'
import { repairDeduplicationLogs } from './deduplication-logs.js'
import { ConnectionStock, leavesNoTrace } from './connection-stock.js'
import { cancelled } from './execute.js'
import type { Chunk, Job, Progress } from './job.js'
import {
  classify,
  closeConnection,
  libraryVersion,
  loadLibrary,
  query,
  shutDown,
  type Classification,
  type Connection,
} from './library.js'
import { connect, prepare, settingsOf, unlimited } from './prepare.js'
import { formatQuery } from '../sql/format-query.js'
import { quoteText } from '../sql/quote.js'
import { SessionConnection } from './session-connection.js'
import { planFor, type Plan, type Run } from './plan.js'
import type { StatementKind } from './statement-kind.js'

/** The engine over one data folder; the process must own the folder, and opens only one in its life. */
export class Engine {
  readonly #path: string
  readonly #root: Connection
  readonly #sessions = new Map<string, SessionConnection>()
  readonly #stock: ConnectionStock
  /** What finds each running query in the engine, by its id. */
  readonly #running = new Map<string, string>()
  readonly #classified = new Map<string, Classification>()
  /** The engine's version, as `version()` says. */
  readonly version: string

  /**
   * Opens the folder or makes it, which takes about 200 ms.
   *
   * @throws when the engine can't open it, or a newer one has written it.
   */
  static async open(folder: DataFolder, log: Pick<Logger, 'info' | 'warn'>): Promise<Engine> {
    loadLibrary()
    checkEngineVersion(folder.root, libraryVersion())
    repairDeduplicationLogs(folder, log)
    prepareDataFolder(folder)
    // Kept open to the end: the engine shuts down with its last connection.
    const root = connect(folder.engine, unlimited, '', [`--config-file=${folder.configuration}`])
    const { bytes } = await query(root, 'SELECT version()', 'TabSeparated')
    const version = bytes.toString().trim()
    return new Engine(folder.engine, root, version)
  }

  private constructor(path: string, root: Connection, version: string) {
    this.#path = path
    this.#stock = new ConnectionStock(path)
    this.#root = root
    this.version = version
  }

  /** What the engine's parser says of a text. */
  async classify(text: Buffer): Promise<Classification> {
    // Dashboards ask the same again and again.
    const key = text.length <= limits.rememberedTextBytes ? text.toString('latin1') : undefined
    const known = key === undefined ? undefined : this.#classified.get(key)
    if (known !== undefined) return known
    const classification = await classify(this.#root, text, () => connect(this.#path, unlimited, ''))
    if (this.#classified.size >= limits.rememberedTexts) this.#classified.clear()
    if (key !== undefined) this.#classified.set(key, classification)
    return classification
  }

  /** A statement as the engine's own formatter writes it. @throws what the engine says. */
  async formatted(sql: string): Promise<string> {
    return await this.runAside(formatQuery(sql))
  }

  /** Runs a statement of the server's own, with all rights. @throws what the engine says. */
  async runAside(sql: string): Promise<string> {
    const connection = connect(this.#path, unlimited, '')
    try {
      return (await query(connection, sql, 'TabSeparated')).bytes.toString()
    } finally {
      closeConnection(connection)
    }
  }

  /**
   * Runs a statement of a client. The result comes in chunks, each fetched when the one before has been taken; leaving
   * the loop cancels the query, and so does the signal.
   *
   * @returns at the end, what has been done.
   * @throws {Error} what the engine says; {ClickhouseError} 216 when a query of this id is running.
   */
  async *run(job: Job, kind: StatementKind, signal: AbortSignal): AsyncGenerator<Chunk, Progress> {
    if (this.#running.has(job.queryId))
      throw exception(216, 'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING', alreadyRunning(job.queryId))
    this.#running.set(job.queryId, '')
    const stopKilling = this.#killOnAbort(job.queryId, signal)
    try {
      return yield* this.#follow(planFor(job, kind), job, kind, signal)
    } finally {
      stopKilling()
      this.#running.delete(job.queryId)
    }
  }

  async *#follow(
    plan: Plan,
    job: Job,
    kind: StatementKind,
    signal: AbortSignal,
  ): AsyncGenerator<Chunk, Progress> {
    const { run, within } = plan
    try {
      if (keepsConnection(job)) return yield* this.#inSession(job, signal, run)
      const asked = within === undefined ? job : { ...job, settings: within.settings }
      return yield* this.#onConnection(asked, kind, signal, run, within?.bytes ?? 0)
    } catch (error) {
      if (within === undefined || !isOverBound(error)) throw error
      return yield* this.#follow(within.otherwise, job, kind, signal)
    }
  }

  async *#inSession(
    job: Job & { sessionId: string },
    signal: AbortSignal,
    run: Run,
  ): AsyncGenerator<Chunk, Progress> {
    const session = this.#session(job)
    this.#running.set(job.queryId, session.key)
    try {
      await session.begin(job)
      return yield* runPrepared(session.connection, job, signal, run)
    } finally {
      await session.restore(job)
    }
  }

  async *#onConnection(
    job: Job,
    kind: StatementKind,
    signal: AbortSignal,
    run: Run,
    resultBytesMax: number,
  ): AsyncGenerator<Chunk, Progress> {
    const lease = this.#stock.take(job, resultBytesMax)
    this.#running.set(job.queryId, lease.key)
    let isClean = false
    try {
      const done = yield* runPrepared(lease.connection, job, signal, run)
      isClean = kind === 'read' && leavesNoTrace(job)
      return done
    } finally {
      this.#stock.giveBack(lease, isClean)
    }
  }

  /** Ids of the running queries. */
  get running(): ReadonlySet<string> {
    return new Set(this.#running.keys())
  }

  /**
   * A KILL QUERY that says ids as a client knows them, in the engine's words.
   *
   * @returns the statement with `query_id` and the running queries' ids replaced.
   */
  translateIds(sql: string): string {
    const keys = new Map([...this.#running].map(([id, key]) => [quoteText(id), quoteText(key)]))
    return replaceTokens(sql, (token) =>
      token === 'query_id' ? "Settings['log_comment']" : (keys.get(token) ?? token),
    )
  }

  /** Forgets a session and its temporary tables; nothing may be running in it. */
  endSession(sessionId: string): void {
    const session = this.#sessions.get(sessionId)
    this.#sessions.delete(sessionId)
    if (session !== undefined) closeConnection(session.connection)
  }

  /** Closes the engine and joins its threads; nothing may be running. */
  async close(): Promise<void> {
    for (const sessionId of this.#sessions.keys()) this.endSession(sessionId)
    this.#stock.close()
    closeConnection(this.#root)
    await shutDown()
  }

  #session(job: Job & { sessionId: string }): SessionConnection {
    const kept =
      this.#sessions.get(job.sessionId) ??
      new SessionConnection(this.#stock.open(job), settingsOf(job.user.limits))
    this.#sessions.set(job.sessionId, kept)
    return kept
  }

  /** @returns what stops it. */
  #killOnAbort(queryId: string, signal: AbortSignal): () => void {
    let timer: NodeJS.Timeout | undefined
    const start = (): void => {
      // Repeated, because the query may not have come to the engine's list of running ones yet.
      timer ??= setInterval(() => void this.#kill(queryId), killEveryMs)
      void this.#kill(queryId)
    }
    signal.addEventListener('abort', start, { once: true })
    if (signal.aborted) start()
    return () => {
      signal.removeEventListener('abort', start)
      clearInterval(timer)
    }
  }

  async #kill(queryId: string): Promise<void> {
    const key = this.#running.get(queryId)
    if (key === undefined || key === '') return
    await this.runAside(`KILL QUERY WHERE Settings['log_comment'] = ${quoteText(key)} ASYNC FORMAT Null`)
  }
}

async function* runPrepared(
  connection: Connection,
  job: Job,
  signal: AbortSignal,
  run: Run,
): AsyncGenerator<Chunk, Progress> {
  await prepare(connection, job)
  if (signal.aborted) throw cancelled()
  return yield* run(connection, job, signal)
}

const killEveryMs = 100

/** A viewer's connection is closed to changes, so there is nothing in it that a session would keep. */
function keepsConnection(job: Job): job is Job & { sessionId: string } {
  return job.sessionId !== undefined && job.user.role === 'administrator'
}

function alreadyRunning(queryId: string): string {
  return `Query with id = ${queryId} is already running.`
}

/** Whether a result went over the bound of its plan; nothing of it has been sent then. */
function isOverBound(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith(overBound)
}

const overBound = 'Code: 396. DB::Exception: Limit for result exceeded, max bytes'
