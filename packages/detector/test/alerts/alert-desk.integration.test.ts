import { afterAll, beforeAll, expect, test } from 'vitest'
import { InsertError, openMuteStore, type BlockInserter } from '@pulsehouse/platform'
import { until } from '../../../../tests/support/until.js'
import { retryPauseMs } from '../../src/alerts/retry-pause.js'
import {
  alertRows,
  openDesk,
  startAlertDeskStack,
  untilSettled,
  type AlertDeskStack,
} from './alert-desk-stack.js'
import { changeOf, findingOf, firstMinute, lifeOf } from './incident-changes.js'
import { toldBy, webhookServer } from './webhook-server.js'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

let stack: AlertDeskStack
beforeAll(async () => (stack = await startAlertDeskStack()))
afterAll(async () => await stack.close())

/** A clock that moves by the pauses of the real schedule, up to a time, while the test waits some milliseconds. */
function clockUpTo(limitMs: number) {
  const startMs = Date.now()
  let passedMs = 0
  return {
    nowMs: () => startMs + passedMs,
    passedMs: () => passedMs,
    goOnTo: (nextLimitMs: number) => (limitMs = nextLimitMs),
    pauseMs: (attempts: number) => {
      passedMs = Math.min(limitMs, passedMs + retryPauseMs(attempts, 0.5))
      return 5
    },
  }
}

test('a webhook that is down for an hour gets every alert once, in order, and delays nobody else', async () => {
  const { clickhouse } = stack.clickhouse
  const [hour, other] = [await webhookServer(), await webhookServer()]
  await other.up()
  const clock = clockUpTo(hourMs)
  const desk = await openDesk(stack, {
    receivers: [
      { type: 'webhook', name: 'hour', url: hour.url },
      { type: 'webhook', name: 'hour-other', url: other.url },
    ],
    nowMs: clock.nowMs,
    pauseMs: clock.pauseMs,
  })
  const [first, second] = [lifeOf('hour-a'), lifeOf('hour-b', 3)]
  await desk.tell([first[0]!])
  await desk.tell([second[0]!, first[1]!])
  await desk.tell([second[1]!])
  await desk.tell([first[2]!, second[2]!])
  await until('an hour has passed', async () => clock.passedMs() === hourMs || undefined)
  expect(toldBy(other.taken)).toHaveLength(6)

  const waiting = await alertRows(clickhouse, 'hour')
  expect(waiting.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'pending'))
  expect(waiting[0]).toMatchObject({ last_error: 'no connection: ECONNREFUSED', sent_at: null })
  // Pauses of 1, 2, 4, … seconds, then of five minutes, less a quarter: 23 attempts and more in an hour, each a minute reported.
  expect(waiting[0]!.attempts).toBeGreaterThan(15)

  await hour.up()
  const rows = await untilSettled(clickhouse, 'hour')
  const inOrder = [
    'hour-a opened',
    'hour-b opened',
    'hour-a escalated',
    'hour-b escalated',
    'hour-a resolved',
    'hour-b resolved',
  ]
  expect(toldBy(hour.taken)).toEqual(inOrder)
  expect(toldBy(other.taken)).toEqual(inOrder)
  expect(rows.every(({ state, sent_at: sentAt }) => state === 'sent' && sentAt !== null)).toBe(true)
  expect(new Set(hour.taken.map(({ id }) => id)).size).toBe(6)
  expect(hour.taken.map(({ id }) => id)).toEqual(hour.taken.map(({ body }) => body.alert_id))
})

test('what is told again makes no second alert, in this process and in the next', async () => {
  const { clickhouse } = stack.clickhouse
  const webhook = await webhookServer()
  await webhook.up()
  const receivers = [{ type: 'webhook', name: 'again', url: webhook.url }]
  const desk = await openDesk(stack, { receivers })
  const changes = lifeOf('again')
  await Promise.all([desk.tell(changes), desk.tell(changes), desk.tell(changes.slice(0, 1))])
  await untilSettled(clickhouse, 'again')
  await desk.close()
  const next = await openDesk(stack, { receivers })
  await next.tell(changes)
  await next.tell([changeOf('again-last', 'opened', 30)])
  await until('the last has arrived', async () => webhook.taken.length === 4 || undefined)
  expect(toldBy(webhook.taken)).toEqual([
    'again opened',
    'again escalated',
    'again resolved',
    'again-last opened',
  ])
})

test('an end that is told before its beginning is written waits for it', async () => {
  const { clickhouse } = stack.clickhouse
  const desk = await openDesk(stack, { receivers: [{ type: 'log', name: 'hasty' }] })
  const [opened, , resolved] = lifeOf('hasty')
  await Promise.all([desk.tell([opened!]), desk.tell([resolved!])])
  expect((await untilSettled(clickhouse, 'hasty')).map(({ change }) => change)).toEqual([
    'opened',
    'resolved',
  ])
})

test('a mute that has come since does not silence what was told before, when it is told again', async () => {
  const { clickhouse } = stack.clickhouse
  const webhook = await webhookServer()
  let mutedUntilMs: number | undefined
  const desk = await openDesk(stack, {
    receivers: [{ type: 'webhook', name: 'told-before', url: webhook.url }],
    mutes: { mutedUntil: () => mutedUntilMs },
  })
  const opened = changeOf('told-before', 'opened')
  await desk.tell([opened])
  mutedUntilMs = Date.now() + hourMs
  await desk.tell([opened, changeOf('told-before-other', 'opened', 3)])
  await webhook.up()
  await untilSettled(clickhouse, 'told-before')
  expect(toldBy(webhook.taken)).toEqual(['told-before opened'])
})

test('alerts that ClickHouse may or may not have taken are told again, and arrive once', async () => {
  const { clickhouse } = stack.clickhouse
  const webhook = await webhookServer()
  await webhook.up()
  let replies = true
  const inserter: BlockInserter = {
    ...stack.inserter,
    insert: async (...block) => {
      await stack.inserter.insert(...block)
      if (!replies) throw new InsertError('the reply was lost')
    },
  }
  const receivers = [{ type: 'webhook', name: 'unsure', url: webhook.url }]
  const desk = await openDesk(stack, { receivers, inserter })
  replies = false
  await expect(desk.tell(lifeOf('unsure'))).rejects.toBeInstanceOf(InsertError)
  await until('it was sent without a receipt', async () => webhook.taken.length > 0 || undefined)
  replies = true
  await desk.tell(lifeOf('unsure'))
  expect(await untilSettled(clickhouse, 'unsure')).toHaveLength(3)
  expect(toldBy(webhook.taken)).toEqual(['unsure opened', 'unsure escalated', 'unsure resolved'])
})

test('a mute silences what it is about, later messages of an open incident too; the rows stay', async () => {
  const { clickhouse } = stack.clickhouse
  const webhook = await webhookServer()
  await webhook.up()
  const mutes = await openMuteStore(stack.queue.nats)
  const desk = await openDesk(stack, {
    receivers: [{ type: 'webhook', name: 'muted', url: webhook.url }],
    mutes,
  })
  const make = async (): Promise<string> => {
    const request = { untilMs: Date.now() + hourMs, reason: 'a migration', createdBy: 'test' }
    return (await mutes.make({ ...request, match: { service: 'payments' } })).id
  }
  const [open, silent] = [lifeOf('muted-open'), lifeOf('muted-whole', 4)]
  const elsewhere = changeOf('muted-elsewhere', 'opened', 4)
  const loud = { ...elsewhere.incident, findings: [findingOf('muted-elsewhere', { service: 'search' })] }
  await desk.tell([open[0]!])
  const id = await make()
  await desk.tell([open[1]!, silent[0]!, silent[1]!, { ...elsewhere, incident: loud }])
  await mutes.end(id)
  await desk.tell([open[2]!, silent[2]!])
  const rows = await untilSettled(clickhouse, 'muted')
  expect(rows.map((row) => `${row.incident_id} ${row.change} ${row.state}`).toSorted()).toEqual([
    'muted-elsewhere opened sent',
    'muted-open escalated muted',
    'muted-open opened sent',
    'muted-open resolved sent',
    'muted-whole escalated muted',
    'muted-whole opened muted',
    'muted-whole resolved muted',
  ])
  expect(toldBy(webhook.taken)).toEqual([
    'muted-open opened',
    'muted-elsewhere opened',
    'muted-open resolved',
  ])
  mutes.close()
})

test('what is too mild for a receiver is no alert, its end neither', async () => {
  const { clickhouse } = stack.clickhouse
  const desk = await openDesk(stack, {
    receivers: [
      { type: 'log', name: 'mild', min_severity: 'info' },
      { type: 'log', name: 'severe', min_severity: 'critical' },
    ],
  })
  await desk.tell([
    changeOf('severity-mild', 'opened', 2, 'info'),
    changeOf('severity-mild', 'resolved', 9, 'info'),
    ...lifeOf('severity-grows', 3),
  ])
  expect((await untilSettled(clickhouse, 'mild')).map(({ change }) => change)).toEqual([
    'opened',
    'opened',
    'escalated',
    'resolved',
    'resolved',
  ])
  expect((await untilSettled(clickhouse, 'severe')).map(({ change }) => change)).toEqual([
    'escalated',
    'resolved',
  ])
})

test('an alert is given up after its hours, one that is refused after one, and those behind it go on', async () => {
  const { clickhouse } = stack.clickhouse
  const [gone, picky] = [await webhookServer(), await webhookServer()]
  await picky.up()
  picky.answer = ({ body }, response) => {
    if (body.incident.id !== 'given-up-a') return false
    response.writeHead(400).end('invalid_blocks')
    return true
  }
  const clock = clockUpTo(Infinity)
  const desk = await openDesk(stack, {
    receivers: [
      { type: 'webhook', name: 'given-up', url: gone.url, give_up_hours: 2 },
      { type: 'webhook', name: 'given-up-picky', url: picky.url },
      { type: 'log', name: 'given-up-log' },
    ],
    nowMs: clock.nowMs,
    pauseMs: clock.pauseMs,
  })
  await desk.tell([changeOf('given-up-a', 'opened'), changeOf('given-up-b', 'opened', 3)])
  const lost = await untilSettled(clickhouse, 'given-up')
  expect(lost.map(({ state, sent_at: sentAt }) => [state, sentAt])).toEqual([
    ['given_up', null],
    ['given_up', null],
  ])
  expect(lost[0]!.attempts).toBeGreaterThan(20)
  const refused = await untilSettled(clickhouse, 'given-up-picky')
  expect(refused).toMatchObject([
    { state: 'given_up', last_error: 'status 400, invalid_blocks' },
    { state: 'sent', attempts: 1, last_error: '' },
  ])
  expect(toldBy(picky.taken)).toEqual(['given-up-b opened'])
})

test('pending alerts of a receiver that the rules no longer name are given up, with the reason', async () => {
  const { clickhouse } = stack.clickhouse
  const gone = await webhookServer()
  const desk = await openDesk(stack, {
    receivers: [{ type: 'webhook', name: 'renamed', url: gone.url }],
    pauseMs: () => minuteMs,
  })
  await desk.tell(lifeOf('renamed'))
  await desk.close()
  expect((await alertRows(clickhouse, 'renamed')).map(({ state }) => state)).toContain('pending')
  await openDesk(stack, { receivers: [] })
  for (const row of await alertRows(clickhouse, 'renamed'))
    expect(row).toMatchObject({
      state: 'given_up',
      last_error: 'the receiver is no longer in the rules file',
    })
})

test('a row says when its minute was and when it was sent, to the millisecond', async () => {
  const { clickhouse } = stack.clickhouse
  const desk = await openDesk(stack, {
    receivers: [{ type: 'log', name: 'times' }],
    nowMs: () => 1_777_888_999_123,
  })
  await desk.tell([changeOf('times', 'opened')])
  await untilSettled(clickhouse, 'times')
  const rows = await clickhouse.query(`
    SELECT toUnixTimestamp64Milli(created) AS created, toUnixTimestamp64Milli(sent_at) AS sent, severity, title
    FROM alerts FINAL WHERE receiver = 'times'`)
  expect(rows).toEqual([
    {
      created: (firstMinute + 120) * 1000,
      sent: 1_777_888_999_123,
      severity: 'warning',
      title: 'Payments are slow (times)',
    },
  ])
})
