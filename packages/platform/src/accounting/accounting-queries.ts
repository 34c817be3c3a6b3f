/**
 * Parameters of every query here: the stream's making in seconds since 1970, the last committed chunk, and for how
 * many days rows are kept; days that are about to expire leave the tables one after the other and count in none.
 */
export interface AccountingParameters {
  created: number
  committed: number
  days: number
}

/** Rows of days that do not expire yet. */
export const kept = 'received_day + {days:UInt32} > today()'

/** Rows of the stream that is accounted for. */
export const ofStream = 'stream_created = toDateTime({created:UInt32})'

const ours = `${ofStream} AND ${kept}`
const ledger = `SELECT * FROM batches WHERE ${ours} AND last_seq <= {committed:UInt64}`

/** For how many days the tables keep rows. */
export const retentionDays = `
SELECT toUInt32OrZero(extract(create_table_query, 'toIntervalDay\\\\((\\\\d+)\\\\)')) AS days
FROM system.tables WHERE database = currentDatabase() AND name = 'logs'`

/** What the ledger says of the committed batches, in one row. */
export interface LedgerSums {
  accepted: number
  firstSeq: number
  lastSeq: number
  /** Whether the oldest batch that is kept is of the day on which the stream was made. */
  fromTheStart: number
}

export const ledgerSums = `
SELECT sum(accepted) AS accepted, min(first_seq) AS firstSeq, max(last_seq) AS lastSeq,
       min(received_day) = toDate(toDateTime({created:UInt32})) AS fromTheStart
FROM (${ledger})`

/** What is really there: rows of the stream's committed chunks. */
export interface RowSums {
  stored: number
  rejected: number
}

export const rowSums = `
SELECT
  (SELECT count() FROM logs WHERE ${ours} AND stream_seq <= {committed:UInt64}) AS stored,
  (SELECT count() FROM rejected_events WHERE ${ours} AND stream_seq <= {committed:UInt64}) AS rejected`

/** Ranges that the ledger leaves out or repeats. */
export const ledgerFaults = `
SELECT if(first_seq > previous + 1, 'gap', 'overlap') AS kind,
       if(first_seq > previous + 1, previous + 1, first_seq) AS first,
       if(first_seq > previous + 1, first_seq - 1, last_seq) AS last,
       if(first_seq > previous + 1, 'no batch of the ledger covers these chunks',
          'a batch of the ledger begins before the end of the one before it') AS detail
FROM (
  SELECT first_seq, last_seq,
         lagInFrame(last_seq, 1, toUInt64(first_seq - 1)) OVER (ORDER BY first_seq, last_seq ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS previous
  FROM (${ledger})
)
WHERE first_seq != previous + 1
ORDER BY first_seq
LIMIT 20`

/**
 * Batches whose rows are not the positions that the ledger promises. A chunk of n lines must have the positions
 * 0 to n-1 once each, which its count, sum and sum of squares show without holding them in memory.
 */
export const rowFaults = `
WITH
  chunks AS (
    SELECT any(stream_created) AS stream_created, stream_seq, count() AS n, sum(isLog) AS logRows,
           max(i) + 1 AS lines, sum(i) AS s, sum(i * i) AS ss
    FROM (
      SELECT stream_created, stream_seq, toUInt64(event_index) AS i, 1 AS isLog
      FROM logs WHERE ${ours} AND stream_seq <= {committed:UInt64}
      UNION ALL
      SELECT stream_created, stream_seq, toUInt64(event_index), 0
      FROM rejected_events WHERE ${ours} AND stream_seq <= {committed:UInt64}
    )
    GROUP BY stream_seq
  ),
  ledger AS (${ledger}),
  found AS (
    SELECT ledger.first_seq AS first_seq, sum(n) AS rowsFound, sum(logRows) AS logsFound,
           countIf(n > lines OR (n = lines AND (s != n * (n - 1) / 2 OR ss != (n - 1) * n * (2 * n - 1) / 6))) AS doubled,
           countIf(n < lines) AS holes
    FROM chunks ASOF INNER JOIN ledger
      ON chunks.stream_created = ledger.stream_created AND chunks.stream_seq >= ledger.first_seq
    GROUP BY first_seq
  )
SELECT if(found.doubled > 0 OR found.rowsFound > ledger.accepted, 'doubled', 'missing') AS kind,
       ledger.first_seq AS first, ledger.last_seq AS last,
       concat(toString(found.rowsFound), ' rows for ', toString(ledger.accepted), ' lines, ',
              toString(found.logsFound), ' of them in logs for ', toString(ledger.stored)) AS detail
FROM ledger LEFT JOIN found ON ledger.first_seq = found.first_seq
WHERE found.rowsFound != ledger.accepted OR found.logsFound != ledger.stored OR found.doubled > 0 OR found.holes > 0
ORDER BY first
LIMIT 20`
