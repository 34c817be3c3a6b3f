import {
  connectClickhouse,
  openBlockInserter,
  openMuteStore,
  readDetectorLag,
  type Clickhouse,
} from '@pulsehouse/platform'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openAlertDesk } from '../../src/alerts/alert-desk.js'
import { openFindingStore } from '../../src/findings/finding-store.js'
import { readRules } from '../../src/rules/read-rules.js'
import { backtest } from '../../src/run/backtest.js'
import { openClaim } from '../../src/run/claim.js'
import { detect, type DetectParts } from '../../src/run/detect.js'
import { openExpectationStore } from '../../src/watch/expectation-store.js'
import { startAlertDeskStack, type AlertDeskStack } from '../alerts/alert-desk-stack.js'
import { until } from '../../../../tests/support/until.js'
import { storeHistory } from './shop-history.js'

// What is expected of a minute is kept for a month.
const endSeconds = Math.floor(Date.now() / 86_400_000) * 86_400 - 43_200
const minutes = 40
const startSeconds = endSeconds - minutes * 60
const rules = { ...readRules(), learning_days: 1, history_days: 1.1 }

const textOf = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')

let stack: AlertDeskStack
let clickhouse: Clickhouse

beforeAll(async () => {
  stack = await startAlertDeskStack()
  clickhouse = connectClickhouse({ url: stack.clickhouse.url, application: 'test' })
  // From the tenth to the twentieth minute every third request of the checkout fails.
  const fails = `minute BETWEEN 10 AND 19 AND service = 'checkout' AND cityHash64(timestamp) % 3 = 0`
  await storeHistory(clickhouse, {
    endSeconds,
    days: 1.2,
    minutes,
    changed: `* REPLACE (if(${fails}, 503, 200) AS status_code, if(${fails}, 'ERROR', 'INFO') AS level)`,
  })
})

afterAll(async () => {
  await clickhouse.close()
  await stack.close()
})

beforeEach(forget)

/** New tables: those that are only emptied remember which inserts they had. */
async function forget(): Promise<void> {
  for (const table of ['findings', 'expectations', 'alerts'])
    await clickhouse.command(`CREATE OR REPLACE TABLE ${table} AS ${table}`)
}

/** An end in the middle of something, as kill -9 makes it. */
class Killed extends Error {}

/** A step of the detector; it dies before the step is done, or after it and before it knows. */
type Kill = { step: 'findings' | 'alerts' | 'expectations'; done: boolean; nth: number }

/** Runs the detector over all minutes of the stretch; where it is killed, until then. */
async function run(token: string, kill?: Kill): Promise<void> {
  const inserter = openBlockInserter(stack.clickhouse.url)
  const mutes = await openMuteStore(stack.queue.nats)
  const receivers = [
    { type: 'nats', name: 'queue', subject: `told.${token}`, min_severity: 'warning', give_up_hours: 1 },
  ] as const
  const nowMs = (): number => Date.now()
  const desk = await openAlertDesk({
    clickhouse,
    inserter,
    nats: stack.queue.nats,
    receivers,
    secretOf: () => undefined,
    mutes,
    log: stack.silent,
    nowMs,
  })
  const times = { findings: 0, alerts: 0, expectations: 0 }
  const killable = async (
    step: Kill['step'],
    something: boolean,
    work: () => Promise<void>,
  ): Promise<void> => {
    if (something) times[step] += 1
    const now = something && kill?.step === step && kill.nth === times[step]
    if (now && !kill.done) throw new Killed()
    await work()
    if (now) throw new Killed()
  }
  const findings = openFindingStore(clickhouse, inserter)
  const expectations = openExpectationStore(clickhouse, inserter)
  const stop = new AbortController()
  const parts: DetectParts = {
    rules,
    clickhouse,
    findings: {
      ...findings,
      write: async (versions) =>
        await killable('findings', versions.length > 0, async () => await findings.write(versions)),
    },
    expectations: {
      judgedUntil: async () => (await expectations.judgedUntil()) ?? startSeconds - 60,
      write: async (seconds, judgements) => {
        await killable('expectations', true, async () => await expectations.write(seconds, judgements))
        if (seconds === endSeconds - 60) stop.abort()
      },
    },
    tell: async (changes) =>
      await killable('alerts', changes.length > 0, async () => await desk.tell(changes)),
    claim: await openClaim(stack.queue.nats, token),
    ingestLagSeconds: async () => await Promise.resolve(0),
    log: stack.silent,
    nowMs: () => (endSeconds + rules.late_seconds) * 1000,
  }
  try {
    await detect(parts, stop.signal)
    await until('all is told', async () => {
      const [row] = await clickhouse.query<{ n: number }>(
        "SELECT count() AS n FROM alerts FINAL WHERE state != 'sent'",
      )
      return row?.n === 0
    })
  } finally {
    await desk.close()
    mutes.close()
    inserter.close()
  }
}

/** What is left behind: the newest version of each finding, and who was told of what. */
async function outcome(): Promise<unknown> {
  return {
    findings: await clickhouse.query(
      `SELECT finding_id, incident_id, kind, severity, service, toString(started) AS started, toString(ended) AS ended, length(causes) > 0 AS explained
       FROM findings FINAL ORDER BY finding_id`,
    ),
    told: await clickhouse.query(
      'SELECT incident_id, change, count() AS times FROM alerts FINAL GROUP BY ALL ORDER BY ALL',
    ),
    judged: await clickhouse.query(
      'SELECT uniqExact(minute) AS minutes, count() > 0 AS some FROM expectations FINAL',
    ),
  }
}

test('finds what was planted, says why, tells once and that it is over', async () => {
  await run('plain')
  const findings = await clickhouse.query(
    `SELECT kind, severity, service, toString(started) AS started, toString(ended) AS ended, observed > 0.2 AS high, expected < 0.01 AS low,
       causes.1 AS dimensions, causes.2 AS values, length(example_requests) AS examples FROM findings FINAL WHERE service = 'checkout'`,
  )
  expect(findings).toEqual([
    expect.objectContaining({
      kind: 'error_burst',
      severity: 'critical',
      started: textOf(startSeconds + 600),
      ended: textOf(startSeconds + 1_200),
      high: 1,
      low: 1,
      examples: 5,
    }),
  ])
  expect(findings[0]).toHaveProperty(
    'dimensions',
    expect.arrayContaining(['endpoint', 'status_code', 'server']),
  )
  expect(findings[0]).toHaveProperty('values', expect.arrayContaining(['/checkout', '503']))
  expect(await clickhouse.query('SELECT status, severity, kind, services FROM incidents')).toEqual([
    { status: 'resolved', severity: 'critical', kind: 'error_burst', services: ['checkout'] },
  ])
  expect(await clickhouse.query('SELECT change, state FROM alerts FINAL ORDER BY created')).toEqual([
    { change: 'opened', state: 'sent' },
    { change: 'resolved', state: 'sent' },
  ])
})

const kills: Kill[] = (['findings', 'alerts', 'expectations'] as const).flatMap((step) =>
  (step === 'expectations' ? [1, 12, 31] : [1, 2]).flatMap((nth) => [
    { step, nth, done: false },
    { step, nth, done: true },
  ]),
)

test('a kill at any step loses no finding and repeats none', async () => {
  await run('whole')
  const whole = await outcome()
  for (const kill of kills) {
    await forget()
    const name = `${kill.step}-${kill.nth}-${kill.done ? 'after' : 'before'}`
    await expect(run(name, kill), name).rejects.toThrow(Killed)
    await run(name)
    expect(await outcome(), name).toEqual(whole)
  }
}, 180_000)

test('a backtest says the same as the detector did, and writes nothing', async () => {
  const incidents = await backtest({ clickhouse, rules, fromSeconds: startSeconds, toSeconds: endSeconds })
  expect(incidents.map(({ kind, severity }) => ({ kind, severity }))).toEqual([
    { kind: 'error_burst', severity: 'critical' },
  ])
  expect(incidents[0]?.openedSeconds).toBeLessThanOrEqual(startSeconds + 12 * 60)
  expect(await clickhouse.query('SELECT count() AS n FROM findings')).toEqual([{ n: 0 }])
})

test('of two detectors the later one goes on', async () => {
  const first = await openClaim(stack.queue.nats, 'first')
  await first(60)
  const second = await openClaim(stack.queue.nats, 'second')
  await expect(first(120)).rejects.toThrow('Another detector has taken over: stop one of the two.')
  await second(120)
  expect(await readDetectorLag(stack.queue.nats, 200_000)).toBe(20)
})
