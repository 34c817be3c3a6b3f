import { hostname } from 'node:os'
import type { Logger } from '@pulsehouse/platform'
import type { Progress } from '../engine/job.js'
import type { ClickhouseError } from '../http/errors.js'
import { limits } from '../limits.js'
import type { QueryLogTable } from './query-log-table.js'

/** Who asked what. */
export interface LoggedQuery {
  queryId: string
  user: string
  /** The statement without the data of an INSERT. */
  sql: string
  /** Its first word, as `Select`. */
  kind: string
  /** The parser found a password or a key in it: the text is not kept. */
  hasSecrets: boolean
  database: string
  address: string
  port: number
  method: string
  userAgent: string
  settings: readonly (readonly [name: string, value: string])[]
}

/** What came of it. */
export interface QueryOutcome extends Progress {
  resultRows: number
  resultBytes: number
}

/** A query on its way; one of the two is called, once. */
export interface QueryInLog {
  finish(outcome: QueryOutcome): void
  fail(error: ClickhouseError, outcome: QueryOutcome): void
}

/**
 * Writes down every query, in the columns of a server's `system.query_log`. Rows wait in memory and are written about
 * once a second; when more come than can be written, the newest are left out and counted.
 */
export class QueryLog {
  #rows: object[] = []
  #omitted = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(
    private readonly table: QueryLogTable,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** A query begins; it has an end of its own in the log. */
  begin(query: LoggedQuery): QueryInLog {
    const startedAtMs = Date.now()
    const base = columnsOf(query, startedAtMs)
    this.#add({ ...base, type: 'QueryStart', ...timeOf(startedAtMs) })
    const end = (columns: object): void => {
      const nowMs = Date.now()
      this.#add({ ...base, ...timeOf(nowMs), query_duration_ms: nowMs - startedAtMs, ...columns })
    }
    return {
      finish: (outcome) => end({ type: 'QueryFinish', ...countsOf(outcome) }),
      fail: ({ code, message }, outcome) =>
        end({
          type: hasRun(code, outcome) ? 'ExceptionWhileProcessing' : 'ExceptionBeforeStart',
          exception_code: code,
          exception: query.hasSecrets ? hidden : message.slice(0, limits.loggedTextCharacters),
          ...countsOf(outcome),
        }),
    }
  }

  /** Writes what waits; settles when it can be read. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#writing.then(() => this.#write())
    await this.#writing
  }

  #add(row: object): void {
    if (this.#rows.length >= limits.loggedRowsWaiting) {
      this.#omitted += 1
      return
    }
    this.#rows.push(row)
    this.#timer ??= setTimeout(() => void this.flush(), limits.queryLogFlushMs).unref()
  }

  async #write(): Promise<void> {
    const rows = this.#rows
    if (rows.length === 0) return
    this.#rows = []
    if (this.#omitted > 0) this.log.warn({ omitted: this.#omitted }, 'queries are missing in the query log')
    this.#omitted = 0
    try {
      await this.table.append(rows)
    } catch (error) {
      // A log that can't be written, as on a full disk, must not stop the queries.
      this.log.warn({ err: error, rows: rows.length }, 'the query log could not be written')
    }
  }
}

function columnsOf(query: LoggedQuery, startedAtMs: number): object {
  const text = query.hasSecrets ? hidden : query.sql.slice(0, limits.loggedTextCharacters)
  return {
    hostname: name,
    query_start_time: seconds(startedAtMs),
    query_start_time_microseconds: microseconds(startedAtMs),
    current_database: query.database,
    query: text,
    query_kind: query.kind,
    user: query.user,
    query_id: query.queryId,
    address: query.address,
    port: query.port,
    http_method: query.method === 'POST' ? 2 : 1,
    http_user_agent: query.userAgent,
    Settings: query.hasSecrets ? {} : Object.fromEntries(query.settings),
    log_comment: query.settings.find(([name]) => name === 'log_comment')?.[1] ?? '',
  }
}

const name = hostname()
const hidden = '[not kept: a password or a key may be in it]'

function countsOf(outcome: QueryOutcome): object {
  return {
    read_rows: outcome.readRows,
    read_bytes: outcome.readBytes,
    written_rows: outcome.writtenRows,
    written_bytes: outcome.writtenBytes,
    result_rows: outcome.resultRows,
    result_bytes: outcome.resultBytes,
  }
}

function timeOf(nowMs: number): object {
  return { event_time: seconds(nowMs), event_time_microseconds: microseconds(nowMs) }
}

/** Whether a query had begun when it failed: what it has read is not known of every one. */
function hasRun(code: number, { readRows, writtenRows, resultBytes }: QueryOutcome): boolean {
  return whileRunning.has(code) || readRows + writtenRows + resultBytes > 0
}

/** Limits of rows, bytes, time and memory, a cancellation, throwIf. */
const whileRunning: ReadonlySet<number> = new Set([158, 159, 160, 241, 307, 394, 395, 396])

function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}

/** As text: a number of this size is a float in JSON. */
function microseconds(ms: number): string {
  return (ms / 1000).toFixed(6)
}
