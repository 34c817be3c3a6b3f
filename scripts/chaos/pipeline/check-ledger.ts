import type { Clickhouse } from '@pulsehouse/platform'
import { isMalformed, ledgeredService, requestIdPrefix, wrongValues } from './ledgered-event.js'
import type { LedgeredChunk, LedgeredProducer } from './ledgered-producer.js'

/** What came of holding one producer's books against the tables. */
export interface LedgerCheck {
  acknowledged: number
  /** Events whose outcome the producer does not know; those of them that are stored. */
  unknown: number
  unknownStored: number
  rejected: number
  /** A sentence for each chunk that is not as it must be. */
  faults: string[]
}

/** Chunks that one question asks for, of at most 120 events each. */
const sliceChunks = 500
/** More is not told of one producer. */
const faultsMax = 10

/** What the tables have of one event. */
interface Found {
  counter: number
  rows: number
  logs: number
  seq: number
  wrong: number
}

const eventsFound = `
SELECT counter, count() AS rows, sum(isLog) AS logs, max(stream_seq) AS seq, max(wrong) AS wrong
FROM (
  SELECT toUInt32OrZero(substring(request_id, length({prefix:String}) + 1)) AS counter, stream_seq, 1 AS isLog,
         toUInt8(ifNull(${wrongValues}, 1)) AS wrong
  FROM logs WHERE service = '${ledgeredService}' AND startsWith(request_id, {prefix:String})
  UNION ALL
  SELECT toUInt32OrZero(extract(payload, concat({prefix:String}, '(\\\\d+)'))), stream_seq, 0, 0
  FROM rejected_events WHERE position(payload, {prefix:String}) > 0
)
WHERE counter BETWEEN {first:UInt32} AND {last:UInt32}
GROUP BY counter`

/**
 * Holds a producer's books against the tables: what was acknowledged is there once, as a row of `logs` with its values or
 * as a rejected event, in the chunk that was acknowledged; what was given up is there once or not at all, a chunk as a
 * whole; and there is nothing that was never sent.
 */
export async function checkLedger(clickhouse: Clickhouse, producer: LedgeredProducer): Promise<LedgerCheck> {
  const check: LedgerCheck = { acknowledged: 0, unknown: 0, unknownStored: 0, rejected: 0, faults: [] }
  const prefix = requestIdPrefix(producer.number)
  for (let index = 0; index < producer.chunks.length; index += sliceChunks) {
    const slice = producer.chunks.slice(index, index + sliceChunks)
    const range = { first: slice[0]?.first ?? 1, last: lastOf(slice) }
    const rows = await clickhouse.query<Found>(eventsFound, { prefix, ...range })
    const found = new Map(rows.map((row) => [row.counter, row]))
    for (const chunk of slice) judge(check, chunk, found)
  }
  const beyond = await clickhouse.query<Found>(eventsFound, {
    prefix,
    first: lastOf(producer.chunks) + 1,
    last: 0xffffffff,
  })
  if (beyond.length > 0) check.faults.push(`${beyond.length} events are stored that were never sent`)
  check.faults = [...producer.faults, ...check.faults]
    .slice(0, faultsMax)
    .map((fault) => `producer ${producer.number}: ${fault}`)
  return check
}

/** The last counter of a row of chunks, 0 where there are none. */
function lastOf(chunks: readonly LedgeredChunk[]): number {
  const last = chunks.at(-1)
  return last === undefined ? 0 : last.first + last.events - 1
}

function judge(check: LedgerCheck, chunk: LedgeredChunk, found: ReadonlyMap<number, Found>): void {
  const { first, events, seq } = chunk
  const counters = Array.from({ length: events }, (_, index) => first + index)
  const present = counters.flatMap((counter) => found.get(counter) ?? [])
  check.rejected += present.filter(({ logs }) => logs === 0).length
  if (seq === undefined) {
    check.unknown += events
    check.unknownStored += present.length
  } else check.acknowledged += events
  const say = (count: number, what: string): void => {
    if (count > 0)
      check.faults.push(
        `${count} of the events ${first} to ${first + events - 1}, ${seq === undefined ? 'given up' : `acknowledged as chunk ${seq}`}, ${what}`,
      )
  }
  if (seq !== undefined || present.length > 0) say(events - present.length, 'are missing')
  say(present.filter(({ rows }) => rows > 1).length, 'are there more than once')
  say(
    present.filter(({ counter, rows, logs }) => (isMalformed(counter) ? logs > 0 : logs < rows)).length,
    'are in the wrong table',
  )
  say(present.filter(({ wrong }) => wrong !== 0).length, 'have wrong values')
  if (seq !== undefined) say(present.filter((row) => row.seq !== seq).length, 'are in another chunk')
}
