import { NativeBlock, openBlockInserter, type Column, type ColumnType } from '@pulsehouse/platform'
import { logColumnNames, logColumns, type LogColumn, type LogValue } from '../../src/logs/log-columns.js'

/** A row of `logs` for a test: what is not given is absent. */
export type Row = {
  timestampMicros: number
  level: string
  attributes: Record<string, string>
  /** Seconds since 1970. */
  streamCreatedSeconds: number
  streamSeq: number
  eventIndex: number
  /** Days since 1970; today where nothing is said. */
  receivedDay?: number
} & { [Name in LogColumn]?: NonNullable<LogValue<Name>> }

function typeOf(name: LogColumn): ColumnType {
  if (logColumns[name] === 'text') return 'String'
  if (logColumns[name] === 'code') return 'UInt16'
  return name === 'cart_size' ? 'Nullable(UInt32)' : 'Nullable(Float32)'
}

// Retention goes by arrival: whatever the rows are dated, they arrive today.
const today = Math.floor(Date.now() / 86_400_000)

const columns: Column<Row>[] = [
  { name: 'received_day', type: 'Date', value: (row) => row.receivedDay ?? today },
  { name: 'timestamp', type: 'DateTime64(6)', value: (row) => row.timestampMicros },
  { name: 'level', type: 'String', value: (row) => row.level },
  ...logColumnNames.map((name): Column<Row> => ({ name, type: typeOf(name), value: (row) => row[name] })),
  { name: 'attributes', type: 'Map(String, String)', value: (row) => row.attributes },
  { name: 'received_at', type: 'DateTime64(6)', value: (row) => row.timestampMicros + 1_000 },
  { name: 'stream_created', type: 'DateTime', value: (row) => row.streamCreatedSeconds },
  { name: 'stream_seq', type: 'UInt64', value: (row) => row.streamSeq },
  { name: 'event_index', type: 'UInt32', value: (row) => row.eventIndex },
]

let token = 0

/** Inserts rows as one batch. */
export async function insertRows(url: string, rows: readonly Row[]): Promise<void> {
  const block = new NativeBlock<Row>(columns)
  for (const row of rows) block.add(row)
  const inserter = openBlockInserter(url)
  token += 1
  await inserter.insert('logs', block, `test-${token}`)
  inserter.close()
}

/** A row's identity as the API shows it, and its place in the order of the list. */
export function keyOf(row: Row): string {
  return `${row.streamSeq}:${row.eventIndex}`
}

/** Newest first, as the API orders. */
export function newestFirst(rows: readonly Row[]): Row[] {
  return rows.toSorted(
    (a, b) =>
      b.timestampMicros - a.timestampMicros ||
      b.streamCreatedSeconds - a.streamCreatedSeconds ||
      b.streamSeq - a.streamSeq ||
      b.eventIndex - a.eventIndex,
  )
}

/** Numbers from 0 up to 1, the same ones for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
