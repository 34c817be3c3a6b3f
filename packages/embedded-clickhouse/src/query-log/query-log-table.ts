import type { Engine } from '../engine/engine.js'
import type { Spool } from '../http/spool.js'
import { limits } from '../limits.js'
import { insertFromFile } from '../sql/insert.js'

/**
 * The table `system.query_log`. It is a ring: a partition is a segment of the log, and when a new one begins
 * the oldest is dropped, so that the log has a size that it does not exceed.
 */
export class QueryLogTable {
  #segmentBytes = 0

  private constructor(
    private readonly engine: Engine,
    private readonly spool: Spool,
    private segment: number,
  ) {}

  /** Makes the table where it is missing. */
  static async open(engine: Engine, spool: Spool): Promise<QueryLogTable> {
    await engine.runAside(definition)
    const last = Number(await engine.runAside('SELECT max(segment) FROM system.query_log'))
    const table = new QueryLogTable(engine, spool, last)
    await table.#beginSegment()
    return table
  }

  /** Writes rows, by the names of the columns. */
  async append(rows: readonly object[]): Promise<void> {
    const data = Buffer.from(rows.map((row) => JSON.stringify({ ...row, segment: this.segment })).join('\n'))
    await this.spool.withFile([data], async (path) => {
      await this.engine.runAside(insertFromFile(head, path))
    })
    this.#segmentBytes += data.length
    if (this.#segmentBytes > limits.queryLogSegmentBytes) await this.#beginSegment()
  }

  async #beginSegment(): Promise<void> {
    this.segment += 1
    this.#segmentBytes = 0
    const oldest = this.segment - limits.queryLogSegments
    const old = await this.engine.runAside(
      `SELECT DISTINCT segment FROM system.query_log WHERE segment <= ${oldest}`,
    )
    for (const segment of old.split('\n').filter((line) => line !== ''))
      await this.engine.runAside(`ALTER TABLE system.query_log DROP PARTITION ${segment}`)
  }
}

const head = { into: 'INSERT INTO system.query_log', settings: '', format: 'JSONEachRow', dataStart: 0 }

/** The columns have a server's names, types and meanings; those that the engine does not tell are missing. */
const definition = `CREATE TABLE IF NOT EXISTS system.query_log
   (
     hostname LowCardinality(String),
     type Enum8('QueryStart' = 1, 'QueryFinish' = 2, 'ExceptionBeforeStart' = 3, 'ExceptionWhileProcessing' = 4),
     event_date Date DEFAULT toDate(event_time),
     event_time DateTime,
     event_time_microseconds DateTime64(6),
     query_start_time DateTime,
     query_start_time_microseconds DateTime64(6),
     query_duration_ms UInt64,
     read_rows UInt64,
     read_bytes UInt64,
     written_rows UInt64,
     written_bytes UInt64,
     result_rows UInt64,
     result_bytes UInt64,
     current_database LowCardinality(String),
     query String,
     query_kind LowCardinality(String),
     normalized_query_hash UInt64 DEFAULT normalizedQueryHash(query),
     exception_code Int32,
     exception String,
     is_initial_query UInt8 DEFAULT 1,
     user LowCardinality(String),
     query_id String,
     address IPv6,
     port UInt16,
     initial_user LowCardinality(String) DEFAULT user,
     initial_query_id String DEFAULT query_id,
     initial_address IPv6 DEFAULT address,
     initial_port UInt16 DEFAULT port,
     interface UInt8 DEFAULT 2,
     http_method UInt8,
     http_user_agent LowCardinality(String),
     log_comment String,
     Settings Map(LowCardinality(String), LowCardinality(String)),
     segment UInt32
   )
   ENGINE = MergeTree PARTITION BY segment ORDER BY (event_date, event_time)`
