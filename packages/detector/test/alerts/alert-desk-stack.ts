import { onTestFinished } from 'vitest'
import {
  openBlockInserter,
  openMuteStore,
  type BlockInserter,
  type Clickhouse,
  type Logger,
} from '@pulsehouse/platform'
import {
  silent,
  startMigratedClickhouse,
  startNats,
  type MigratedClickhouse,
  type StartedNats,
} from '../../../api/test/support/stack.js'
import { openAlertDesk, type AlertDesk, type AlertDeskParts } from '../../src/alerts/alert-desk.js'
import { receiversSchema } from '../../src/alerts/receiver.js'
import { until } from '../../../../tests/support/until.js'

/** Real servers for the tests of a file. */
export interface AlertDeskStack {
  clickhouse: MigratedClickhouse
  queue: StartedNats
  inserter: BlockInserter
  silent: Logger
  close(): Promise<void>
}

/** A row of the table, newest version. */
export interface AlertRow {
  alert_id: string
  incident_id: string
  receiver: string
  change: string
  state: string
  attempts: number
  last_error: string
  sent_at: string | null
}

/** Starts them. */
export async function startAlertDeskStack(): Promise<AlertDeskStack> {
  const [clickhouse, queue] = await Promise.all([startMigratedClickhouse(), startNats()])
  const inserter = openBlockInserter(clickhouse.url)
  const close = async (): Promise<void> => {
    inserter.close()
    await Promise.all([clickhouse.close(), queue.close()])
  }
  return { clickhouse, queue, inserter, silent, close }
}

/** What a test changes of a desk; receivers stand there as in a rules file. */
export interface DeskChanges extends Partial<Omit<AlertDeskParts, 'receivers'>> {
  receivers: unknown[]
}

/** Opens a desk over the stack. It is closed when the test has finished, if not before. */
export async function openDesk(stack: AlertDeskStack, changes: DeskChanges): Promise<AlertDesk> {
  const { receivers, ...rest } = changes
  const mutes = rest.mutes ?? (await openMuteStore(stack.queue.nats))
  const desk = await openAlertDesk({
    clickhouse: stack.clickhouse.clickhouse,
    inserter: stack.inserter,
    nats: stack.queue.nats,
    secretOf: () => undefined,
    log: silent,
    nowMs: Date.now,
    pauseMs: () => 10,
    ...rest,
    mutes,
    receivers: receiversSchema.parse(receivers),
  })
  onTestFinished(() => desk.close())
  return desk
}

/** The alerts of some receivers, in the order in which they were caused. */
export async function alertRows(clickhouse: Clickhouse, ...receivers: string[]): Promise<AlertRow[]> {
  return await clickhouse.query<AlertRow>(
    `SELECT alert_id, incident_id, receiver, change, state, attempts, last_error, sent_at
     FROM alerts FINAL WHERE receiver IN {receivers:Array(String)}
     ORDER BY created, indexOf(['opened', 'escalated', 'resolved'], change), alert_id`,
    { receivers },
  )
}

/** Waits until nothing is pending for a receiver. */
export async function untilSettled(clickhouse: Clickhouse, receiver: string): Promise<AlertRow[]> {
  return await until(`everything is settled for ${receiver}`, async () => {
    const rows = await alertRows(clickhouse, receiver)
    return rows.length > 0 && rows.every(({ state }) => state !== 'pending') ? rows : undefined
  })
}
