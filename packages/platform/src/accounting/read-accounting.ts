import { splitLines } from '@pulsehouse/events'
import type { Clickhouse } from '../clickhouse/client.js'
import { openIngestProgress } from '../ingest-progress.js'
import type { SequenceRange } from '../ingest-state.js'
import type { NatsLink } from '../nats/connection.js'
import { readLogStream } from '../nats/stream-reader.js'
import {
  ledgerFaults,
  ledgerSums,
  retentionDays,
  rowFaults,
  rowSums,
  type AccountingParameters,
  type LedgerSums,
  type RowSums,
} from './accounting-queries.js'
import type { AccountingFault } from './accounting-fault.js'
import { accountedRollups } from './accounted-rollups.js'
import { dayRanges, rowsByDay, type DayRange } from './day-ranges.js'
import { accountsOf, type RollupAccount, type RollupAccounts, type RollupReading } from './rollup-accounts.js'
import { eventsUnderWay, rollupSums, type EventsUnderWay, type RollupSums } from './rollup-queries.js'

/** Where every event is that a producer got an acknowledgement for. */
export interface Accounting {
  /** accepted = stored + rejected + pending, every rollup counts what is stored, and there is no fault. */
  balanced: boolean
  /** Which stream was accounted for: when it was made, ISO 8601. */
  stream: string
  /** Lines that the queue took, within the time for which rows are kept. */
  accepted: number
  /** Rows of `logs`. */
  stored: number
  /** Rows of `rejected_events`. */
  rejected: number
  /** Lines in the stream behind the last committed chunk. */
  pending: number
  /** Events of all streams that the rollups of everything count; where they differ, what the one furthest off counts. */
  rolledUp: number
  /** What each rollup counts, and what it must; some count a part of the events only. */
  rollups: RollupAccount[]
  /** All chunks up to this one are stored. */
  committedSeq: number
  /** The newest chunk of the stream. */
  lastSeq: number
  faults: AccountingFault[]
}

/**
 * Accounts for every event: the ledger's ranges against the positions of the rows that are really there, and the
 * chunks behind them counted in the stream itself. It may run at any moment, under load too: everything is judged at
 * one committed sequence, and the rollups, which have no positions, minute by minute against a lower and an upper bound
 * that are equal when nothing is under way.
 */
export async function readAccounting(nats: NatsLink, clickhouse: Clickhouse): Promise<Accounting> {
  const readProgress = await openIngestProgress(nats)
  const { stream, committedSeq } = await readProgress()
  const [retention] = await clickhouse.query<{ days: number }>(retentionDays)
  const parameters: AccountingParameters = {
    created: stream.createdSeconds,
    committed: committedSeq,
    days: retention?.days ?? 0,
  }
  const ledger = await one<LedgerSums>(clickhouse, ledgerSums, parameters)
  const rows = await one<RowSums>(clickhouse, rowSums, parameters)
  const { rollups, faults: rollupFaults } = await readRollups(clickhouse, parameters)
  const faults = [
    ...edgeFaults(ledger, committedSeq),
    ...(await listFaults(clickhouse, ledgerFaults, parameters)),
    ...(await listFaults(clickhouse, rowFaults, parameters)),
    ...rollupFaults,
  ]
  const pending = await countPendingLines(nats, committedSeq, stream.lastSeq)
  const accepted = ledger.accepted + pending
  return {
    balanced: faults.length === 0 && accepted === rows.stored + rows.rejected + pending,
    stream: stream.created,
    accepted,
    stored: rows.stored,
    rejected: rows.rejected,
    pending,
    rolledUp: furthestOff(rollups),
    rollups,
    committedSeq,
    lastSeq: stream.lastSeq,
    faults,
  }
}

async function one<Row>(clickhouse: Clickhouse, sql: string, parameters: AccountingParameters): Promise<Row> {
  const [row] = await clickhouse.query<Row>(sql, { ...parameters })
  if (row === undefined) throw new Error('ClickHouse answered a sum without a row')
  return row
}

async function listFaults(
  clickhouse: Clickhouse,
  sql: string,
  parameters: AccountingParameters,
): Promise<AccountingFault[]> {
  const rows = await clickhouse.query<SequenceRange & Pick<AccountingFault, 'kind' | 'detail'>>(sql, {
    ...parameters,
  })
  return rows.map(({ kind, first, last, detail }) => ({ kind, range: { first, last }, times: null, detail }))
}

/** The ledger must reach from the stream's first chunk, unless that day is no longer kept, to the committed one. */
function edgeFaults(ledger: LedgerSums, committedSeq: number): AccountingFault[] {
  const faults: AccountingFault[] = []
  const gap = (first: number, last: number, detail: string): void => {
    faults.push({ kind: 'gap', range: { first, last }, times: null, detail })
  }
  if (ledger.lastSeq < committedSeq)
    gap(ledger.lastSeq + 1, committedSeq, 'committed, but the ledger ends before it')
  if (ledger.firstSeq > 1 && ledger.fromTheStart === 1)
    gap(1, ledger.firstSeq - 1, 'the ledger begins after them')
  return faults
}

async function readRollups(
  clickhouse: Clickhouse,
  parameters: AccountingParameters,
): Promise<RollupAccounts> {
  const days = await clickhouse.query<{ day: string; rows: number }>(rowsByDay)
  const readings: RollupReading[] = []
  for (const range of dayRanges(days)) {
    readings.push(await readRollupsOf(clickhouse, { ...parameters, ...range }))
  }
  return accountsOf(readings)
}

/** One after the other: what is under way is known only after what is counted. */
async function readRollupsOf(
  clickhouse: Clickhouse,
  parameters: AccountingParameters & DayRange,
): Promise<RollupReading> {
  const sums = await clickhouse.query<RollupSums>(rollupSums, { ...parameters })
  const settled = sums.every(({ differingTimes }) => differingTimes === 0)
  const underWay = settled
    ? { minutes: [] }
    : await one<EventsUnderWay>(clickhouse, eventsUnderWay, parameters)
  return { sums, underWay }
}

/** What the rollups of everything count; the one that is furthest from what it must count speaks for all. */
function furthestOff(rollups: readonly RollupAccount[]): number {
  const whole = new Set(
    accountedRollups.filter(({ measure }) => measure === 'events').map(({ table }) => table),
  )
  const off = ({ counted, expected }: RollupAccount): number => Math.abs(counted - expected)
  const [furthest] = rollups.filter(({ table }) => whole.has(table)).toSorted((a, b) => off(b) - off(a))
  return furthest?.counted ?? 0
}

/** Counts the lines behind the committed chunk by reading them: nobody has counted them before. */
export async function countPendingLines(
  nats: NatsLink,
  committedSeq: number,
  lastSeq: number,
): Promise<number> {
  if (lastSeq <= committedSeq) return 0
  const reading = await readLogStream(nats, committedSeq + 1)
  let lines = 0
  try {
    for await (const chunk of reading) {
      if (chunk.seq <= lastSeq) lines += splitLines(chunk.payload).length
      if (chunk.seq >= lastSeq) break
    }
  } finally {
    reading.stop()
  }
  return lines
}
