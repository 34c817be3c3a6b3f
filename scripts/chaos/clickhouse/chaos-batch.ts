import { NativeBlock, type Column } from '@pulsehouse/platform'

/** The day on which the first rows count as received, in days since 1970; the retention must not take them. */
export type Day = number

/** Microseconds since 1970 of the first batch's minute. */
const startMicros = Date.UTC(2026, 0, 1) * 1000
const microsPerMinute = 60_000_000
const batchesPerMinute = 40

interface ChaosRow {
  batch: number
  index: number
  value: number
  receivedDay: Day
}

/**
 * Columns of `pulsehouse.logs` that a batch fills, each as a formula over the batch's number and the row's place in it,
 * written down twice: here and in `rightRow` as SQL. So no row needs to be remembered to be checked.
 */
const columns: Column<ChaosRow>[] = [
  { name: 'received_day', type: 'Date', value: ({ receivedDay }) => receivedDay },
  { name: 'timestamp', type: 'DateTime64(6)', value: ({ batch, index }) => minuteOf(batch) + index },
  { name: 'level', type: 'String', value: ({ value }) => (value % 10 === 0 ? 'ERROR' : 'INFO') },
  { name: 'service', type: 'String', value: ({ value }) => `service-${value % 5}` },
  { name: 'endpoint', type: 'String', value: ({ value }) => `/products/${value % 4}` },
  { name: 'message', type: 'String', value: ({ batch, index }) => `batch ${batch} row ${index}` },
  { name: 'user_id', type: 'String', value: ({ value }) => `user-${value % 977}` },
  { name: 'status_code', type: 'UInt16', value: ({ value }) => (value % 10 === 0 ? 500 : 200) },
  { name: 'response_time', type: 'Nullable(Float32)', value: ({ value }) => value % 1000 },
  { name: 'cart_size', type: 'Nullable(UInt32)', value: ({ value }) => value },
  { name: 'stream_seq', type: 'UInt64', value: ({ batch }) => batch },
  { name: 'event_index', type: 'UInt32', value: ({ index }) => index },
]

/** What a row's other values follow from; whole numbers that JavaScript and ClickHouse multiply alike. */
const valueOf = (seed: number, batch: number, index: number): number =>
  (batch * 7_919 + index * 104_729 + seed) % 1_000_003

const minuteOf = (batch: number): number =>
  startMicros + Math.floor(batch / batchesPerMinute) * microsPerMinute

/** How many rows a batch has: up to a thousand, and now and then some thousand, whose insert takes longer. */
export function rowsOf(seed: number, batch: number): number {
  const drawn = (batch * 48_271 + seed) % 1_009
  return drawn % 25 === 0 ? 6_000 + drawn : 1 + (drawn % 500)
}

/** {@link rowsOf} as SQL, over a column `batch`. */
export const rowsOfSql = `(((batch * 48271 + {seed:UInt64}) % 1009 AS drawn) % 25 = 0 ? 6000 + drawn : 1 + drawn % 500)`

/** Whether a row of `pulsehouse.logs` has the values that it was sent with, as SQL. */
export const rightRowSql = `
  (((stream_seq * 7919 + event_index * 104729 + {seed:UInt64}) % 1000003) AS value) = cart_size
  AND timestamp = toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + toIntervalMinute(intDiv(stream_seq, ${batchesPerMinute})) + toIntervalMicrosecond(event_index)
  AND level = (value % 10 = 0 ? 'ERROR' : 'INFO') AND status_code = (value % 10 = 0 ? 500 : 200)
  AND service = concat('service-', value % 5) AND endpoint = concat('/products/', value % 4)
  AND message = concat('batch ', stream_seq, ' row ', event_index) AND user_id = concat('user-', value % 977)
  AND response_time = value % 1000`

/** The minute from which on the rollups hold nothing of batches before this one, as ClickHouse reads a DateTime. */
export function minuteTextOf(batch: number): string {
  return new Date(minuteOf(batch) / 1000).toISOString().slice(0, 19).replace('T', ' ')
}

/** Makes a batch; the same seed and number give the same bytes. Two days take turns, so that there are two partitions. */
export function makeBatch(seed: number, batch: number, lastDay: Day): NativeBlock<ChaosRow> {
  const block = new NativeBlock(columns)
  const receivedDay = lastDay - (batch % 2)
  const rows = rowsOf(seed, batch)
  for (let index = 0; index < rows; index += 1)
    block.add({ batch, index, receivedDay, value: valueOf(seed, batch, index) })
  return block
}
