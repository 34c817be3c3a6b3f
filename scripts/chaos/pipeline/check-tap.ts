import type { Clickhouse } from '@pulsehouse/platform'
import type { StreamTap } from './stream-tap.js'

/** Chunks that one question asks for. */
const sliceChunks = 50_000
const faultsMax = 10

interface Found {
  seq: number
  rows: number
  positions: number
  lines: number
}

const chunksFound = `
SELECT stream_seq AS seq, count() AS rows, uniqExact(event_index) AS positions, max(event_index) + 1 AS lines
FROM (
  SELECT stream_seq, event_index FROM logs WHERE stream_seq BETWEEN {first:UInt64} AND {last:UInt64}
  UNION ALL
  SELECT stream_seq, event_index FROM rejected_events WHERE stream_seq BETWEEN {first:UInt64} AND {last:UInt64}
)
GROUP BY stream_seq`

/**
 * Holds what went through the queue against the tables, whoever published it: each line of each chunk is one row, and
 * there is no row of a chunk that nobody saw.
 *
 * @returns a sentence for each chunk that is not so, the first ones.
 */
export async function checkTap(clickhouse: Clickhouse, tap: StreamTap): Promise<string[]> {
  const faults: string[] = []
  for (let first = 1; first <= tap.lastSeq(); first += sliceChunks) {
    const last = Math.min(first + sliceChunks - 1, tap.lastSeq())
    const rows = await clickhouse.query<Found>(chunksFound, { first, last })
    const found = new Map(rows.map((row) => [row.seq, row]))
    for (let seq = first; seq <= last; seq += 1) {
      const sent = tap.lines.get(seq)
      if (sent === undefined) continue
      const { rows: stored, positions, lines } = found.get(seq) ?? { rows: 0, positions: 0, lines: 0 }
      if (stored === sent && positions === sent && lines === sent) continue
      faults.push(
        `chunk ${seq}: ${sent} lines went through the queue, ${stored} rows at ${positions} positions are stored`,
      )
      if (faults.length >= faultsMax) return faults
    }
  }
  const beyond = await clickhouse.query<Found>(chunksFound, { first: tap.lastSeq() + 1, last: 2 ** 48 })
  return beyond.length === 0
    ? faults
    : [...faults, `${beyond.length} chunks are stored that nobody published`]
}
