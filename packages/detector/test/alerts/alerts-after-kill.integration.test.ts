import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startProcess, type ServerProcess } from '../../../../tests/support/server-process.js'
import { until } from '../../../../tests/support/until.js'
import {
  alertRows,
  openDesk,
  startAlertDeskStack,
  untilSettled,
  type AlertDeskStack,
} from './alert-desk-stack.js'
import { changeOf, lifeOf } from './incident-changes.js'
import { toldBy, webhookServer, type WebhookServer } from './webhook-server.js'
import type { IncidentChange } from '../../src/incidents/incident.js'

const root = join(import.meta.dirname, '../../../..')

let stack: AlertDeskStack
beforeAll(async () => (stack = await startAlertDeskStack()))
afterAll(async () => await stack.close())

/** A desk in a process of its own: it tells what it is given, says so, and goes on delivering. */
const deskProcess = `
import { connectClickhouse, connectNats, createLogger, openBlockInserter } from ${moduleAt('packages/platform/dist/index.js')}
import { openAlertDesk } from ${moduleAt('packages/detector/dist/alerts/alert-desk.js')}
import { receiversSchema } from ${moduleAt('packages/detector/dist/alerts/receiver.js')}
const { url, natsUrl, receivers, changes } = JSON.parse(process.env.DESK)
const log = createLogger('desk', 'silent')
const desk = await openAlertDesk({
  clickhouse: connectClickhouse({ url, application: 'test' }),
  inserter: openBlockInserter(url),
  nats: await connectNats({ url: natsUrl, name: 'test', log }),
  receivers: receiversSchema.parse(receivers),
  secretOf: () => undefined,
  mutes: { mutedUntil: () => undefined },
  log,
  nowMs: Date.now,
  pauseMs: () => 10,
})
await desk.tell(changes)
process.stdout.write('told')
`

function moduleAt(path: string): string {
  return JSON.stringify(pathToFileURL(join(root, path)).href)
}

function startDesk(receivers: unknown[], changes: readonly IncidentChange[]): ServerProcess {
  const desk = { url: stack.clickhouse.url, natsUrl: stack.queue.url, receivers, changes }
  const started = startProcess(process.execPath, ['--input-type=module', '-e', deskProcess], {
    DESK: JSON.stringify(desk),
  })
  onTestFinished(() => started.stop('SIGKILL'))
  return started
}

/** What arrived first of each alert, in order. */
function firstOfEach(webhook: WebhookServer): string[] {
  const seen = new Set<string>()
  return toldBy(webhook.taken.filter(({ id }) => !seen.has(id) && seen.add(id)))
}

test('a desk that is killed again and again loses no alert, keeps the order, and repeats the one on its way at most', async () => {
  const { clickhouse } = stack.clickhouse
  const webhook = await webhookServer()
  await webhook.up()
  const receivers = [{ type: 'webhook', name: 'killed', url: webhook.url }]
  const changes = ['a', 'b', 'c', 'd'].flatMap((name, index) => lifeOf(`killed-${name}`, 2 + 30 * index))
  // The webhook takes a message and the process dies before it hears so: the worst moment.
  const killAt = new Set([1, 3, 4, 8])
  let desk: ServerProcess | undefined
  let kills = 0
  webhook.answer = (message) => {
    if (!killAt.has(webhook.seen.length)) return false
    webhook.taken.push(message)
    kills += 1
    void desk?.stop('SIGKILL')
    return true
  }
  for (let round = 1; round <= killAt.size; round += 1) {
    desk = startDesk(receivers, changes)
    const running = desk
    await until(`process ${round} is killed`, async () => running.child.signalCode ?? undefined)
    expect(kills).toBe(round)
  }
  const last = await openDesk(stack, { receivers })
  await last.tell(changes)
  const rows = await untilSettled(clickhouse, 'killed')
  expect(rows).toHaveLength(12)
  expect(rows.every(({ state }) => state === 'sent')).toBe(true)
  expect(firstOfEach(webhook)).toEqual(changes.map(({ incident, change }) => `${incident.id} ${change}`))
  // One repetition a kill: the message that was taken without an answer, under the same id.
  expect(webhook.taken).toHaveLength(12 + killAt.size)
})

test('what was told is stored before it is said to be, and is delivered after a kill', async () => {
  const { clickhouse } = stack.clickhouse
  const webhook = await webhookServer()
  const receivers = [{ type: 'webhook', name: 'told', url: webhook.url }]
  // All in one minute: their order does not follow from it, nor from their ids.
  const life = ['opened', 'escalated', 'resolved'] as const
  const names = ['told-a', 'told-b', 'told-c']
  const desk = startDesk(
    receivers,
    names.flatMap((name) => life.map((change) => changeOf(name, change))),
  )
  await until('it is told', async () => desk.output().includes('told') || undefined)
  await desk.stop('SIGKILL')
  const rows = await alertRows(clickhouse, 'told')
  expect(rows.map(({ state }) => state)).toEqual(Array.from({ length: 9 }, () => 'pending'))
  await webhook.up()
  await openDesk(stack, { receivers })
  await untilSettled(clickhouse, 'told')
  for (const name of names)
    expect(toldBy(webhook.taken).filter((told) => told.startsWith(name))).toEqual(
      life.map((change) => `${name} ${change}`),
    )
})
