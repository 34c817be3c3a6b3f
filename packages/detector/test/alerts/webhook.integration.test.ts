import { createHmac, timingSafeEqual } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../../../tests/support/until.js'
import {
  alertRows,
  openDesk,
  startAlertDeskStack,
  untilSettled,
  type AlertDeskStack,
} from './alert-desk-stack.js'
import { changeOf } from './incident-changes.js'
import { webhookServer } from './webhook-server.js'

let stack: AlertDeskStack
beforeAll(async () => (stack = await startAlertDeskStack()))
afterAll(async () => await stack.close())

test('a body is signed with the secret, the time is part of it', async () => {
  const webhook = await webhookServer()
  await webhook.up()
  const nowMs = 1_777_888_999_123
  const desk = await openDesk(stack, {
    receivers: [{ type: 'webhook', name: 'signed', url: webhook.url, secret_env: 'HOOK_SECRET' }],
    secretOf: (name) => (name === 'HOOK_SECRET' ? 'a secret' : undefined),
    nowMs: () => nowMs,
  })
  await desk.tell([changeOf('signed', 'opened')])
  const [message] = await until('it has arrived', async () =>
    webhook.taken.length > 0 ? webhook.taken : undefined,
  )
  const [, seconds = '', hash = ''] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(message!.headers['x-pulsehouse-signature'])) ?? []
  expect(Number(seconds)).toBe(1_777_888_999)
  const expected = createHmac('sha256', 'a secret').update(`${seconds}.${message!.text}`).digest()
  expect(timingSafeEqual(Buffer.from(hash, 'hex'), expected)).toBe(true)
  expect(message!.headers).toMatchObject({
    'content-type': 'application/json',
    'idempotency-key': message!.body.alert_id,
  })
})

test('a secret that is missing is said at once', async () => {
  const receiver = {
    type: 'webhook',
    name: 'ops',
    url: 'https://hooks.example.org/x',
    secret_env: 'HOOK_SECRET',
  }
  for (const value of [undefined, ''])
    await expect(openDesk(stack, { receivers: [receiver], secretOf: () => value })).rejects.toThrow(
      /receiver ops .* environment variable HOOK_SECRET: set it/,
    )
})

test('failures of all kinds are tried again; neither row nor log shows the address', async () => {
  const { clickhouse } = stack.clickhouse
  const [webhook, trap] = [await webhookServer('/hook/T0PSECRET?token=T0PSECRET'), await webhookServer()]
  await Promise.all([webhook.up(), trap.up()])
  let attempts = 0
  webhook.answer = (_, response) => {
    attempts += 1
    switch (attempts) {
      case 1:
        response.writeHead(302, { Location: trap.url }).end()
        return true
      case 2:
        response.writeHead(404).end('Cannot POST /hook/T0PSECRET')
        return true
      case 3:
        response.writeHead(500).end('rollup_error')
        return true
      case 4:
        response.destroy()
        return true
      case 5:
        // It never answers.
        return true
      default:
        return false
    }
  }
  const logged: string[] = []
  const log = Object.assign(Object.create(stack.silent) as typeof stack.silent, {
    warn: (...said: unknown[]) => logged.push(JSON.stringify(said)),
  })
  // Each failure is a minute after the one before, so each is reported.
  let nowMs = Date.now()
  const desk = await openDesk(stack, {
    receivers: [{ type: 'webhook', name: 'failing', url: webhook.url, timeout_seconds: 1 }],
    log,
    nowMs: () => nowMs,
    pauseMs: () => {
      nowMs += 60_000
      return 1
    },
  })
  await desk.tell([changeOf('failing', 'opened')])
  const [row] = await untilSettled(clickhouse, 'failing')
  expect(row).toMatchObject({ state: 'sent', attempts: 6, last_error: 'no answer within 1 s' })
  expect(trap.seen).toEqual([])
  expect(logged.map((line) => (JSON.parse(line) as [{ reason: string }])[0].reason)).toEqual([
    'status 302',
    'status 404',
    'status 500, rollup_error',
    expect.stringMatching(/^no connection: (UND_ERR_SOCKET|ECONNRESET)$/),
    'no answer within 1 s',
  ])
  expect(JSON.stringify([logged, row])).not.toContain('T0PSECRET')
})

test('a receiver that asks for patience gets it', async () => {
  const webhook = await webhookServer()
  await webhook.up()
  const atMs: number[] = []
  webhook.answer = (_, response) => {
    atMs.push(performance.now())
    if (atMs.length > 1) return false
    response.writeHead(429, { 'Retry-After': '1' }).end()
    return true
  }
  const desk = await openDesk(stack, { receivers: [{ type: 'webhook', name: 'patience', url: webhook.url }] })
  await desk.tell([changeOf('patience', 'opened')])
  await until('it has arrived', async () => webhook.taken.length > 0 || undefined)
  expect(atMs[1]! - atMs[0]!).toBeGreaterThan(990)
})

test('a subject of NATS gets every alert, also those of when the server was away', async () => {
  const {
    queue,
    clickhouse: { clickhouse },
  } = stack
  const got: { id: string; body: { alert_id: string; change: string; incident: { id: string } } }[] = []
  const subscription = queue.nats.connection.subscribe('alerts.>', {
    callback: (_, message) =>
      got.push({ id: message.headers?.get('Idempotency-Key') ?? '', body: message.json() }),
  })
  await queue.nats.connection.flush()
  const desk = await openDesk(stack, { receivers: [{ type: 'nats', name: 'subject' }] })
  await desk.tell([changeOf('subject', 'opened')])
  await until('the first has arrived', async () => got.length === 1 || undefined)
  await queue.process.stop('SIGKILL')
  await desk.tell([changeOf('subject', 'escalated', 5), changeOf('subject', 'resolved', 30)])
  await until(
    'an attempt has failed',
    async () => (await alertRows(clickhouse, 'subject')).some(({ attempts }) => attempts > 0) || undefined,
  )
  queue.restart()
  await untilSettled(clickhouse, 'subject')
  await until('all have arrived', async () => got.length >= 3 || undefined)
  // Whoever says that it has the alert may die before the receipt is written: the id tells a repetition.
  expect([...new Set(got.map(({ id }) => id))]).toHaveLength(3)
  expect(got.map(({ body }) => body.alert_id)).toEqual(got.map(({ id }) => id))
  expect([...new Set(got.map(({ body }) => body.change))]).toEqual(['opened', 'escalated', 'resolved'])
  subscription.unsubscribe()
})

test('Slack gets its own form', async () => {
  const webhook = await webhookServer()
  await webhook.up()
  const desk = await openDesk(stack, {
    receivers: [{ type: 'webhook', name: 'slack', url: webhook.url, form: 'slack' }],
    publicUrl: 'https://logs.example.org/',
  })
  await desk.tell([changeOf('slack', 'opened')])
  await until('it has arrived', async () => webhook.taken.length > 0 || undefined)
  expect(JSON.parse(webhook.taken[0]!.text)).toMatchObject({
    text: 'Warning: Payments are slow (slack)',
    blocks: [
      { type: 'header', block_id: `alert-${webhook.taken[0]!.id}` },
      { type: 'section' },
      {
        type: 'context',
        elements: expect.arrayContaining([
          { type: 'mrkdwn', text: '<https://logs.example.org/v1/incidents/slack|the incident>' },
        ]),
      },
    ],
  })
})
