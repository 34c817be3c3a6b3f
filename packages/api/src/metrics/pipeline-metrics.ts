import type { Accounting, AccountingFault, IngestLag } from '@pulsehouse/platform'
import type { Reading } from './latest-reading.js'
import type { Metric, Sample } from './prometheus-text.js'

/** What the metrics are made of; undefined where it could not be read. */
export interface PipelineReadings {
  queue: Reading<IngestLag> | undefined
  /** When the queue took the newest chunk that is stored, seconds since 1970; null when none is. */
  tables: Reading<number | null> | undefined
  accounting: Reading<Accounting> | undefined
}

const faultKinds: readonly AccountingFault['kind'][] = ['missing', 'doubled', 'gap', 'overlap', 'rollup']

/** The metrics of the pipeline. What is not known is left out, and `pulsehouse_up` says so. */
export function pipelineMetrics({ queue, tables, accounting }: PipelineReadings): Metric[] {
  const up = Object.entries({ queue, tables, accounting }).map(([part, reading]) => ({
    labels: { part },
    value: reading?.value === undefined ? 0 : 1,
  }))
  return [
    gauge('pulsehouse_up', 'Whether what the metrics are made of could be read: 1, or 0.', up),
    ...queueMetrics(queue?.value),
    gauge(
      'pulsehouse_last_committed_timestamp_seconds',
      'When the queue took the newest chunk that is stored, seconds since 1970.',
      valueOf(tables?.value ?? undefined),
    ),
    ...accountMetrics(accounting?.value),
    gauge(
      'pulsehouse_accounting_timestamp_seconds',
      'When the accounting was made, seconds since 1970.',
      valueOf(accounting && accounting.atMs / 1000),
    ),
    gauge(
      'pulsehouse_accounting_duration_seconds',
      'How long the accounting took.',
      valueOf(accounting && accounting.tookMs / 1000),
    ),
  ]
}

function queueMetrics(lag: IngestLag | undefined): Metric[] {
  return [
    gauge('pulsehouse_lag_chunks', 'Chunks of the queue that are not stored yet.', valueOf(lag?.chunks)),
    gauge(
      'pulsehouse_lag_seconds',
      'How long the oldest of them has waited; 0 where none waits.',
      valueOf(lag?.seconds),
    ),
    counter(
      'pulsehouse_accepted_chunks_total',
      'Chunks that the queue has taken since it was made.',
      valueOf(lag?.lastSeq),
    ),
    counter(
      'pulsehouse_committed_chunks_total',
      'Chunks that are stored for good, since the queue was made.',
      valueOf(lag?.committedSeq),
    ),
  ]
}

function accountMetrics(account: Accounting | undefined): Metric[] {
  const byTable = (count: 'expected' | 'counted'): Sample[] =>
    (account?.rollups ?? []).map((rollup) => ({ labels: { table: rollup.table }, value: rollup[count] }))
  const kept = 'within the time for which rows are kept.'
  return [
    gauge('pulsehouse_accepted_events', `Lines that the queue took, ${kept}`, valueOf(account?.accepted)),
    gauge('pulsehouse_stored_events', 'Rows of logs.', valueOf(account?.stored)),
    gauge('pulsehouse_rejected_events', 'Rows of rejected_events.', valueOf(account?.rejected)),
    gauge('pulsehouse_pending_events', 'Lines that are not stored yet.', valueOf(account?.pending)),
    gauge('pulsehouse_rollup_events', 'Events that a rollup counts.', byTable('counted')),
    gauge('pulsehouse_rollup_expected_events', 'Events that a rollup must count.', byTable('expected')),
    gauge(
      'pulsehouse_accounting_balanced',
      'Whether everything adds up: 1, or 0.',
      valueOf(account && Number(account.balanced)),
    ),
    gauge(
      'pulsehouse_accounting_faults',
      'What does not add up, by kind; GET /v1/pipeline/accounting says where.',
      account === undefined ? [] : faultKinds.map((kind) => faultsOf(account, kind)),
    ),
  ]
}

function faultsOf({ faults }: Accounting, kind: AccountingFault['kind']): Sample {
  return { labels: { kind }, value: faults.filter((fault) => fault.kind === kind).length }
}

function valueOf(value: number | undefined): Sample[] {
  return value === undefined ? [] : [{ value }]
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: 'gauge', help, samples }
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: 'counter', help, samples }
}
