import type { Exchange } from './exchange.js'

/** Rows of the table that dashboards ask about. */
export const historyRows = 1_000_000

const statements = [
  `CREATE TABLE history (id UInt64, service LowCardinality(String), ms UInt32)
   ENGINE = MergeTree ORDER BY id`,
  `INSERT INTO history SELECT number, concat('service-', number % 10), number % 1000 FROM numbers(${historyRows})`,
  // A partition for each client, so that each can throw away its own and the table stays small.
  `CREATE TABLE events (client UInt32, batch UInt32, value UInt64, note String)
   ENGINE = MergeTree PARTITION BY client ORDER BY (batch, value)`,
  `CREATE TABLE broken_off (client UInt32, value UInt64, note String) ENGINE = MergeTree ORDER BY client`,
]

/** Makes the tables of a soak: `history`, whose every answer follows from arithmetic, and those that clients write to. */
export async function prepareHistory(exchange: Exchange): Promise<void> {
  for (const sql of statements) {
    const { status, text } = await exchange.ask({ sql })
    if (status !== 200) throw new Error(`The tables of the soak could not be made: ${text}`)
  }
}
