import { randomUUID } from 'node:crypto'
import { NativeBlock, type BlockInserter, type Clickhouse, type Column } from '@pulsehouse/platform'
import type { Cause, Entity, Finding } from './finding.js'

/** The findings in ClickHouse. */
export interface FindingStore {
  /** Writes versions of one judged minute, all or none; versions that are written again replace those of before. @throws InsertError */
  write(findings: readonly Finding[]): Promise<void>
  /**
   * All findings, in their newest versions, of the incidents that are open or of which a minute wrote something.
   *
   * @param judgedSeconds the minute after the last that is known to be done.
   * @throws when the query fails.
   */
  unfinished(judgedSeconds: number): Promise<Finding[]>
}

const columns: readonly Column<Finding>[] = [
  { name: 'started', type: 'DateTime', value: ({ startedSeconds }) => startedSeconds },
  { name: 'finding_id', type: 'String', value: ({ id }) => id },
  { name: 'incident_id', type: 'String', value: ({ incidentId }) => incidentId },
  { name: 'judged_minute', type: 'DateTime', value: ({ judgedSeconds }) => judgedSeconds },
  { name: 'ended', type: 'Nullable(UInt32)', value: ({ endedSeconds }) => endedSeconds },
  { name: 'detected_at', type: 'DateTime64(6)', value: ({ detectedMs }) => detectedMs * 1_000 },
  { name: 'opened_minute', type: 'DateTime', value: ({ openedSeconds }) => openedSeconds },
  { name: 'incident_change', type: 'String', value: ({ incidentChange }) => incidentChange ?? '' },
  { name: 'rule', type: 'String', value: ({ rule }) => rule },
  { name: 'kind', type: 'String', value: ({ kind }) => kind },
  { name: 'severity', type: 'String', value: ({ severity }) => severity },
  { name: 'service', type: 'String', value: ({ service }) => service },
  { name: 'endpoint', type: 'String', value: ({ endpoint }) => endpoint },
  { name: 'entity_type', type: 'String', value: ({ entity }) => entity?.type ?? '' },
  { name: 'entity', type: 'String', value: ({ entity }) => entity?.value ?? '' },
  { name: 'metric', type: 'String', value: ({ metric }) => metric },
  { name: 'unit', type: 'String', value: ({ unit }) => unit },
  { name: 'observed', type: 'Nullable(Float32)', value: ({ observed }) => observed },
  { name: 'expected', type: 'Nullable(Float32)', value: ({ expected }) => expected },
  { name: 'expected_low', type: 'Nullable(Float32)', value: ({ expectedLow }) => expectedLow },
  { name: 'expected_high', type: 'Nullable(Float32)', value: ({ expectedHigh }) => expectedHigh },
  { name: 'baseline', type: 'String', value: ({ baseline }) => baseline },
  { name: 'score', type: 'Nullable(Float32)', value: ({ score }) => score },
  { name: 'title', type: 'String', value: ({ title }) => title },
  { name: 'summary', type: 'String', value: ({ summary }) => summary },
  // Lists are sent as ClickHouse writes them, and it reads them as what the table has.
  { name: 'causes', type: 'String', value: ({ causes }) => listOf(causes.map(tupleOf)) },
  {
    name: 'example_requests',
    type: 'String',
    value: ({ exampleRequests }) => listOf(exampleRequests.map(quoted)),
  },
]

const selected = `
  SELECT toUnixTimestamp(started) AS startedSeconds, finding_id AS id, incident_id AS incidentId,
    toUnixTimestamp(judged_minute) AS judgedSeconds, toUnixTimestamp(ended) AS endedSeconds,
    toUnixTimestamp64Milli(detected_at) AS detectedMs, toUnixTimestamp(opened_minute) AS openedSeconds,
    incident_change AS incidentChange, rule, kind, severity, service, endpoint, entity_type, entity, metric, unit,
    observed, expected, expected_low AS expectedLow, expected_high AS expectedHigh, baseline, score, title, summary, causes,
    example_requests AS exampleRequests
  FROM findings`

type Row = Omit<Finding, 'entity' | 'endedSeconds' | 'incidentChange'> & {
  incidentChange: '' | NonNullable<Finding['incidentChange']>
  entity_type: '' | Entity['type']
  entity: string
  endedSeconds: number | null
}

/** Opens the findings. Nothing is sent before they are asked for. */
export function openFindingStore(clickhouse: Clickhouse, inserter: BlockInserter): FindingStore {
  return {
    write: async (findings) => {
      if (findings.length === 0) return
      const block = new NativeBlock(columns)
      for (const finding of findings) block.add(finding)
      // No two inserts are the same: whether one has arrived is read, not guessed, after a crash.
      await inserter.insert('findings', block, randomUUID())
    },
    unfinished: async (judgedSeconds) => {
      const rows = await clickhouse.query<Row>(
        `${selected} FINAL WHERE incident_id IN (
           SELECT incident_id FROM findings FINAL WHERE ended IS NULL OR judged_minute = toDateTime({judged:UInt32})
         ) ORDER BY started, id`,
        { judged: judgedSeconds },
      )
      return rows.map(findingOf)
    },
  }
}

function findingOf({ entity_type: type, entity, endedSeconds, incidentChange, ...row }: Row): Finding {
  return {
    ...row,
    incidentChange: incidentChange === '' ? undefined : incidentChange,
    endedSeconds: endedSeconds ?? undefined,
    entity: type === '' ? undefined : { type, value: entity },
  }
}

function tupleOf({ dimension, value, share, observed, expected }: Cause): string {
  return `(${[quoted(dimension), quoted(value), share, observed, expected].join(',')})`
}

function listOf(items: readonly string[]): string {
  return `[${items.join(',')}]`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
