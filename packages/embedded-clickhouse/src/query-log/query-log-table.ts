import type { Engine } from '../engine/engine.js'
import type { Spool } from '../http/spool.js'
import { limits } from '../limits.js'
import { insertFromFile } from '../sql/insert.js'

/**
 * The table behind `system.query_log`, which is a view because every user may read what stands in `system`. It is a ring: a partition is a segment of the log, and when a new one begins
 * the oldest is dropped, so that the log has a size that it does not exceed.
 */
export class QueryLogTable {
  #segmentBytes = 0

  private constructor(
    private readonly engine: Engine,
    private readonly spool: Spool,
    private readonly bytesMax: number,
    private segment: number,
  ) {}

  /** Makes the table where it is missing. @param bytesMax how much is kept, in bytes of JSON. */
  static async open(engine: Engine, spool: Spool, bytesMax: number): Promise<QueryLogTable> {
    for (const statement of definitions) await engine.runAside(statement)
    const last = Number(await engine.runAside('SELECT max(segment) FROM _server.query_log'))
    const table = new QueryLogTable(engine, spool, bytesMax, last)
    await table.#beginSegment()
    return table
  }

  /** Writes rows, by the names of the columns. */
  async append(rows: readonly object[]): Promise<void> {
    let lines: string[] = []
    let bytes = 0
    for (const row of rows) {
      const line = JSON.stringify({ ...row, segment: this.segment })
      lines.push(line)
      bytes += line.length
      if (this.#segmentBytes + bytes < this.bytesMax / limits.queryLogSegments) continue
      await this.#write(lines)
      await this.#beginSegment()
      ;[lines, bytes] = [[], 0]
    }
    await this.#write(lines)
    this.#segmentBytes += bytes
  }

  async #write(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return
    await this.spool.withFile([Buffer.from(lines.join('\n'))], async (path) => {
      await this.engine.runAside(insertFromFile(head, path))
    })
  }

  async #beginSegment(): Promise<void> {
    this.segment += 1
    this.#segmentBytes = 0
    const oldest = this.segment - limits.queryLogSegments
    const old = await this.engine.runAside(
      `SELECT DISTINCT segment FROM _server.query_log WHERE segment <= ${oldest}`,
    )
    for (const segment of old.split('\n').filter((line) => line !== ''))
      await this.engine.runAside(`ALTER TABLE _server.query_log DROP PARTITION ${segment}`)
  }
}

const head = { into: 'INSERT INTO _server.query_log', settings: '', format: 'JSONEachRow', dataStart: 0 }

/** The columns have a server's names, types and meanings; those that the engine does not tell are missing. */
const definitions = [
  'CREATE DATABASE IF NOT EXISTS _server',
  `CREATE TABLE IF NOT EXISTS _server.query_log
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
   ENGINE = MergeTree PARTITION BY segment ORDER BY (event_date, event_time)`,
  // The reader's own rights count.
  'CREATE OR REPLACE VIEW system.query_log SQL SECURITY INVOKER AS SELECT * EXCEPT segment FROM _server.query_log',
]
