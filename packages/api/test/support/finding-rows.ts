import type { Clickhouse } from '@pulsehouse/platform'

/** A version of a finding for a test: what is not given is as below. */
export interface FindingRow {
  finding_id: string
  incident_id?: string
  started: string
  judged_minute: string
  ended?: string
  detected_at?: string
  rule?: string
  kind?: string
  severity?: string
  service?: string
  endpoint?: string
  entity_type?: string
  entity?: string
  expected_high?: number
  title?: string
  summary?: string
  /** Dimension, value, share, observed, expected. */
  causes?: readonly (readonly [string, string, number, number, number])[]
  example_requests?: readonly string[]
}

/** Writes versions of findings, as the detector writes those of a minute: in one piece. */
export async function insertFindings(
  { command }: Pick<Clickhouse, 'command'>,
  rows: readonly FindingRow[],
): Promise<void> {
  await command(`INSERT INTO findings FORMAT JSONEachRow ${rows.map(whole).join('\n')}`)
}

function whole(row: FindingRow): string {
  const { started, judged_minute, ended, detected_at = judged_minute, causes = [] } = row
  const written = {
    incident_id: row.finding_id,
    rule: 'endpoint-latency',
    kind: 'latency_regression',
    severity: 'warning',
    service: 'checkout',
    endpoint: '/api/checkout',
    entity_type: '',
    entity: '',
    metric: 'response_time_p95',
    unit: 'ms',
    observed: 2140,
    expected: 330,
    expected_low: 240,
    expected_high: 420,
    baseline: 'the same minutes of the last 3 weeks',
    score: 6.5,
    title: `title of ${row.finding_id}`,
    summary: `summary of ${row.finding_id}`,
    example_requests: [],
    ...row,
    started: seconds(started),
    judged_minute: seconds(judged_minute),
    ended: ended === undefined ? null : seconds(ended),
    detected_at: new Date(Date.parse(detected_at) + 65_000).toISOString().replace('T', ' ').replace('Z', ''),
    causes: causes.map(([dimension, value, share, observed, expected]) => ({
      dimension,
      value,
      share,
      observed,
      expected,
    })),
  }
  // JSON has no infinity; ClickHouse reads the word.
  return JSON.stringify(written, (_, value: unknown) => (value === Infinity ? 'inf' : value))
}

/** ClickHouse takes a time as seconds since 1970. */
function seconds(iso: string): number {
  return Date.parse(iso) / 1000
}
