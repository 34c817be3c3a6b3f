import { createHash } from 'node:crypto'
import { NativeBlock, type BlockInserter, type Clickhouse, type Column } from '@pulsehouse/platform'
import { z } from 'zod'
import { severities } from '../findings/finding.js'
import { alertStates, type Alert } from './alert.js'
import type { KnownAlert } from './plan-alerts.js'

/** The alerts in ClickHouse. */
export interface AlertStore {
  /** All alerts of some incidents. @throws when the query fails. */
  known(incidentIds: readonly string[]): Promise<KnownAlert[]>
  /** The first alerts that a receiver still has to get, in the order in which it gets them. @throws when the query fails. */
  pending(receiver: string, count: number): Promise<Alert[]>
  /** Names of the receivers that still have to get something. @throws when the query fails. */
  waiting(): Promise<string[]>
  /** Writes versions of alerts, all or none; the same versions, written again, change nothing. @throws InsertError */
  write(alerts: readonly Alert[]): Promise<void>
}

const changes = ['opened', 'escalated', 'resolved'] as const

const columns: readonly Column<Alert>[] = [
  { name: 'created', type: 'DateTime64(6)', value: ({ createdMs }) => createdMs * 1000 },
  { name: 'alert_id', type: 'String', value: ({ id }) => id },
  { name: 'version', type: 'UInt32', value: ({ version }) => version },
  { name: 'incident_id', type: 'String', value: ({ incidentId }) => incidentId },
  { name: 'receiver', type: 'String', value: ({ receiver }) => receiver },
  { name: 'change', type: 'String', value: ({ change }) => change },
  { name: 'severity', type: 'String', value: ({ severity }) => severity },
  { name: 'title', type: 'String', value: ({ title }) => title },
  { name: 'state', type: 'String', value: ({ state }) => state },
  { name: 'attempts', type: 'UInt32', value: ({ attempts }) => attempts },
  { name: 'last_error', type: 'String', value: ({ lastError }) => lastError },
  {
    name: 'sent_at',
    type: 'Nullable(DateTime64(6))',
    value: ({ sentMs }) => (sentMs === undefined ? undefined : sentMs * 1000),
  },
  { name: 'body', type: 'String', value: ({ body }) => body },
]

const knownAlerts = {
  sql: `
    SELECT alert_id AS id, any(incident_id) AS incidentId, any(receiver) AS receiver, argMax(state, version) AS state
    FROM alerts WHERE incident_id IN {incidents:Array(String)} GROUP BY alert_id`,
  row: z.object({
    id: z.string(),
    incidentId: z.string(),
    receiver: z.string(),
    state: z.enum(alertStates),
  }),
}

// An incident's messages stand in the order of their minutes, and within one in that of its life. The bodies of a year are
// not read to find those of the few that wait.
const pendingAlerts = {
  sql: `
    WITH ['opened', 'escalated', 'resolved'] AS life
    SELECT
        alert_id AS id, version, toUnixTimestamp64Milli(created) AS createdMs, incident_id AS incidentId, receiver,
        change, severity, title, state, attempts, last_error AS lastError, body
    FROM alerts FINAL
    WHERE (created, alert_id) IN (
        SELECT created, alert_id FROM alerts WHERE receiver = {receiver:String}
        GROUP BY created, alert_id HAVING argMax(state, version) = 'pending'
        ORDER BY created, indexOf(life, any(change)), alert_id LIMIT {count:UInt32})
    ORDER BY created, indexOf(life, change), alert_id`,
  row: z
    .object({
      id: z.string(),
      version: z.number(),
      createdMs: z.number(),
      incidentId: z.string(),
      receiver: z.string(),
      change: z.enum(changes),
      severity: z.enum(severities),
      title: z.string(),
      state: z.enum(alertStates),
      attempts: z.number(),
      lastError: z.string(),
      body: z.string(),
    })
    .transform((row): Alert => ({ ...row, sentMs: undefined })),
}

const waitingReceivers = {
  sql: `
    SELECT DISTINCT receiver FROM (
        SELECT any(receiver) AS receiver FROM alerts GROUP BY created, alert_id
        HAVING argMax(state, version) = 'pending')`,
  row: z.object({ receiver: z.string() }),
}

/** The alerts behind a connection. Nothing is sent before the first call. */
export function openAlertStore(clickhouse: Clickhouse, inserter: BlockInserter): AlertStore {
  return {
    known: async (incidents) =>
      knownAlerts.row.array().parse(await clickhouse.query(knownAlerts.sql, { incidents })),
    pending: async (receiver, count) =>
      pendingAlerts.row.array().parse(await clickhouse.query(pendingAlerts.sql, { receiver, count })),
    waiting: async () => {
      const rows = waitingReceivers.row.array().parse(await clickhouse.query(waitingReceivers.sql))
      return rows.map(({ receiver }) => receiver)
    },
    write: async (alerts) => {
      const block = new NativeBlock(columns)
      for (const alert of alerts) block.add(alert)
      const versions = alerts.map(({ id, version }) => `${id}:${version}`).join(',')
      const token = createHash('sha256').update(versions).digest('hex')
      await inserter.insert('alerts', block, `alerts:${token}`)
    },
  }
}
