import { totalmem } from 'node:os'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineWorker } from './engine-client.js'
import { connect, quoteText } from './engine-connection.js'
import type { Chunk, Job, Stats } from './engine-messages.js'
import { exception } from '../http/errors.js'
import { limits } from '../limits.js'
import { loadNative, type Connection, type Native } from './native.js'

/** The engine over one data folder; the process must own the folder, and opens only one in its life. */
export class Engine {
  readonly #native: Native
  readonly #root: Connection
  readonly #path: string
  readonly #workers: EngineWorker[] = []
  readonly #sessions = new Map<string, EngineWorker>()
  readonly #running = new Set<string>()
  /** Rejects when a worker died, after which nothing can be trusted: the process has to end. */
  readonly failed: Promise<never>
  #fail: (error: Error) => void = () => {}

  /**
   * Opens the folder or makes it, which takes about 200 ms.
   *
   * @throws when the engine can't open it.
   */
  constructor(dataDir: string) {
    const config = join(dataDir, 'server.xml')
    this.#path = join(dataDir, 'engine')
    mkdirSync(this.#path, { recursive: true })
    writeFileSync(config, configuration())
    this.failed = new Promise((_, reject) => (this.#fail = reject))
    this.failed.catch(() => {})
    this.#native = loadNative()
    // Kept open to the end: the engine shuts down with its last connection.
    this.#root = connect(this.#native, this.#path, [`--config-file=${config}`])
  }

  /** The engine's version, as `version()` says. */
  version(): string {
    return this.#native.QueryWithConnection(this.#root, 'SELECT version()', 'TabSeparated').trim()
  }

  /**
   * Runs a statement. The result comes in chunks, each fetched when the one before has been taken; leaving the
   * loop cancels the query, and so does the signal.
   *
   * @returns at the end, what the engine counted.
   * @throws {ClickhouseError} what the engine says, 216 when a query of this id is running.
   */
  async *run(job: Job, signal: AbortSignal): AsyncGenerator<Chunk, Stats> {
    if (this.#running.has(job.queryId))
      throw exception(
        216,
        'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING',
        `Query with id = ${job.queryId} is already running.`,
      )
    this.#running.add(job.queryId)
    const query = this.#workerFor(job.sessionId).run(job)
    let killing: NodeJS.Timeout | undefined
    const cancel = (): void => {
      query.cancel()
      // Repeated: the query may not be registered in the engine yet, and a worker that plans is deaf.
      killing ??= setInterval(() => this.#kill(job.queryId), killEveryMs)
    }
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
    try {
      return yield* query.chunks()
    } finally {
      if (!query.ended) cancel()
      await query.end
      clearInterval(killing)
      signal.removeEventListener('abort', cancel)
      this.#running.delete(job.queryId)
    }
  }

  /** Ids of the running queries. */
  get running(): ReadonlySet<string> {
    return this.#running
  }

  /** Forgets a session and its temporary tables; nothing may be running in it. */
  endSession(sessionId: string): void {
    this.#sessions.get(sessionId)?.endSession(sessionId)
    this.#sessions.delete(sessionId)
  }

  /** Closes the engine; nothing may be running. */
  close(): void {
    this.#native.CloseConnection(this.#root)
  }

  /** A session stays with the worker that has its connection; others go to whoever has least to do. */
  #workerFor(sessionId: string | undefined): EngineWorker {
    const kept = sessionId === undefined ? undefined : this.#sessions.get(sessionId)
    const worker = kept ?? this.#leastLoaded()
    if (sessionId !== undefined) this.#sessions.set(sessionId, worker)
    return worker
  }

  #leastLoaded(): EngineWorker {
    const [best] = this.#workers.toSorted((a, b) => a.load - b.load)
    if (best !== undefined && (best.load === 0 || this.#workers.length >= limits.workersMax)) return best
    const worker = new EngineWorker(this.#path, this.#fail)
    this.#workers.push(worker)
    return worker
  }

  #kill(queryId: string): void {
    const connection = connect(this.#native, this.#path)
    this.#native
      .QueryAsyncConnection(
        connection,
        `KILL QUERY WHERE Settings['log_comment'] = ${quoteText(queryId)} ASYNC`,
        'Null',
      )
      .catch((error: unknown) => this.#fail(new Error('KILL QUERY failed', { cause: error })))
      .finally(() => this.#native.CloseConnection(connection))
  }
}

const killEveryMs = 100

function configuration(): string {
  const machineBytes = Math.min(totalmem(), process.constrainedMemory() || Infinity)
  const engineBytes = Math.floor(machineBytes * limits.memoryShare)
  return `<clickhouse>\n  <max_server_memory_usage>${engineBytes}</max_server_memory_usage>\n</clickhouse>\n`
}
