import { expect, test } from 'vitest'
import type { IncidentChange } from '../../src/incidents/incident.js'
import { alertBody } from '../../src/alerts/alert-body.js'
import { alertText } from '../../src/alerts/alert-text.js'
import { alertIdOf } from '../../src/alerts/alert.js'
import { planAlerts } from '../../src/alerts/plan-alerts.js'
import { receiverSchema, receiversSchema } from '../../src/alerts/receiver.js'
import { retryPauseMs } from '../../src/alerts/retry-pause.js'
import { signatureOf } from '../../src/alerts/signature.js'
import { slackBody } from '../../src/alerts/slack-body.js'
import { seededRandom } from '../random.js'
import { changeOf, findingOf, lifeOf } from './incident-changes.js'

const webhook = { type: 'webhook', name: 'ops', url: 'https://hooks.example.org/x' }

/** A change whose finding is another one. */
function changed(told: IncidentChange, finding: Parameters<typeof findingOf>[1]): IncidentChange {
  const findings = [findingOf(told.incident.id, finding)]
  return { ...told, incident: { ...told.incident, ...finding, findings } }
}

test('a receiver has defaults, and what is no receiver is refused', () => {
  expect(receiverSchema.parse({ type: 'nats', name: 'bus' })).toEqual({
    type: 'nats',
    name: 'bus',
    subject: 'alerts.incidents',
    min_severity: 'warning',
    give_up_hours: 24,
  })
  expect(receiverSchema.parse(webhook)).toMatchObject({ form: 'json', timeout_seconds: 10 })
  for (const [wrong, path] of [
    [{ ...webhook, url: 'ftp://example.org' }, 'url'],
    [{ ...webhook, url: 'example.org' }, 'url'],
    [{ ...webhook, url: 'https://user:word@example.org' }, 'url'],
    [{ ...webhook, name: 'Ops Team' }, 'name'],
    [{ ...webhook, secret_env: 'A SECRET' }, 'secret_env'],
    [{ ...webhook, timeout_seconds: 0 }, 'timeout_seconds'],
    [{ ...webhook, min_severity: 'fatal' }, 'min_severity'],
    [{ ...webhook, give_up_hours: 1_000 }, 'give_up_hours'],
    [{ type: 'nats', name: 'bus', subject: 'logs.alerts' }, 'subject'],
    [{ type: 'nats', name: 'bus', subject: 'alerts.>' }, 'subject'],
    [{ type: 'mail', name: 'ops' }, 'type'],
  ] as const)
    expect(receiverSchema.safeParse(wrong).error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  expect(receiverSchema.safeParse({ ...webhook, urls: [] }).success).toBe(false)
  const twice = receiversSchema.safeParse([webhook, { type: 'log', name: 'ops' }])
  expect(twice.error?.issues).toMatchObject([
    { path: [1, 'name'], message: 'is the name of another receiver' },
  ])
})

test('the id of an alert follows from incident, change and receiver', () => {
  const opened = changeOf('a', 'opened')
  const id = alertIdOf(opened, 'ops')
  expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(alertIdOf({ ...changeOf('a', 'opened', 9, 'critical') }, 'ops')).toBe(id)
  const others = [
    alertIdOf(opened, 'bus'),
    alertIdOf(changeOf('b', 'opened'), 'ops'),
    alertIdOf(changeOf('a', 'resolved'), 'ops'),
    alertIdOf(changeOf('a', 'escalated', 3, 'warning'), 'ops'),
    alertIdOf(changeOf('a', 'escalated', 5, 'critical'), 'ops'),
  ]
  expect(new Set([id, ...others]).size).toBe(6)
})

test('what is known is not planned again, whatever has been muted since', () => {
  const plan = {
    receivers: receiversSchema.parse([webhook, { type: 'log', name: 'log' }]),
    known: [],
    isMuted: () => false,
    bodyFor: () => '{}',
  }
  const changes = lifeOf('a')
  const planned = planAlerts([...changes, ...changes], plan)
  expect(planned.map(({ receiver, change, state }) => [receiver, change, state])).toEqual(
    changes.flatMap(({ change }) => [
      ['ops', change, 'pending'],
      ['log', change, 'pending'],
    ]),
  )
  const later = { ...plan, known: planned.slice(0, 3), isMuted: () => true }
  expect(planAlerts(changes, later).map(({ receiver, change, state }) => [receiver, change, state])).toEqual([
    ['log', 'escalated', 'muted'],
    ['ops', 'resolved', 'muted'],
    ['log', 'resolved', 'muted'],
  ])
})

test('the sentence says what has happened', () => {
  expect(alertText(changeOf('a', 'opened'))).toBe('Warning: Payments are slow (a)')
  expect(alertText(changeOf('a', 'escalated'))).toBe('Now critical: Payments are slow (a)')
  expect(alertText(changeOf('a', 'resolved', 24))).toBe('Resolved after 23 minutes: Payments are slow (a)')
  expect(alertText(changeOf('a', 'resolved', 181))).toBe('Resolved after 3 hours: Payments are slow (a)')
})

test('a program gets everything that the detector knows', () => {
  const told = changeOf('a', 'resolved', 20)
  const entity = { type: 'ip_address', value: 'ip_1' } as const
  const body = JSON.parse(JSON.stringify(alertBody('id', changed(told, { entity }), undefined))) as object
  expect(body).toMatchObject({
    alert_id: 'id',
    change: 'resolved',
    judged_minute: '2026-05-04T10:20:00.000Z',
    incident: {
      id: 'a',
      started: '2026-05-04T10:00:00.000Z',
      ended: '2026-05-04T10:19:00.000Z',
      opened_minute: '2026-05-04T10:02:00.000Z',
      findings: [
        {
          id: 'a',
          incident_id: 'a',
          ended: null,
          entity,
          expected_low: 180,
          expected_high: 260,
          example_requests: ['req-1', 'req-2'],
        },
      ],
      findings_left_out: 0,
    },
    causes: [{ dimension: 'server', value: 'pay-2', share: 0.81 }],
    example_requests: ['req-1', 'req-2'],
  })
  expect(JSON.stringify(body)).not.toMatch(/"[a-z]+[A-Z]\w*":/)
  // Every field of a finding is there but one, which speaks of its incident.
  const [finding] = (body as { incident: { findings: object[] } }).incident.findings
  expect(Object.keys(finding!)).toHaveLength(Object.keys(findingOf('a')).length - 1)
})

test('an incident with very many findings is still one message', () => {
  const told = changeOf('a', 'opened')
  const findings = Array.from({ length: 400 }, (_, index) =>
    findingOf('a', {
      id: `f${index}`,
      causes: [
        { dimension: 'server', value: `s${index % 30}`, share: index / 400, observed: 2, expected: 1 },
      ],
    }),
  )
  const body = JSON.parse(
    JSON.stringify(alertBody('id', { ...told, incident: { ...told.incident, findings } }, undefined)),
  ) as {
    incident: { findings: unknown[]; findings_left_out: number }
    causes: { value: string; share: number }[]
  }
  expect(body.incident.findings).toHaveLength(50)
  expect(body.incident.findings_left_out).toBe(350)
  expect(body.causes.map(({ share }) => share)).toEqual(Array.from({ length: 10 }, (_, i) => (399 - i) / 400))
  expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(128 * 1024)
})

test('Slack’s form keeps Slack’s limits, and no text of an event becomes its markup', () => {
  const wild = '<!channel> & <https://evil.example|click> 🛒'.repeat(200)
  const finding = {
    title: wild,
    summary: wild,
    service: wild,
    causes: Array.from({ length: 20 }, (_, index) => ({
      dimension: 'endpoint' as const,
      value: `${wild}${index}`,
      share: 0.5,
      observed: 2,
      expected: 1,
    })),
  }
  const url = 'https://logs.example.org/v1/incidents/a?b=1&c=2'
  const { text, blocks } = slackBody('id', changed(changeOf('a', 'opened'), finding), url) as {
    text: string
    blocks: [{ text: { text: string } }, { text: { text: string } }, { elements: { text: string }[] }]
  }
  const [header, section, context] = blocks
  expect(header.text.text.length).toBeLessThanOrEqual(300)
  expect(Array.from(header.text.text)).toHaveLength(150)
  expect(section.text.text.length).toBeLessThanOrEqual(3_000)
  expect(context.elements.length).toBeLessThanOrEqual(10)
  const ours = /<!date\^\d+\^[^|>]*\|[^>]*>|<https:\/\/logs\.example\.org\/[^|>]*\|the incident>/g
  for (const part of [text, section.text.text, ...context.elements.map((element) => element.text)])
    expect(part.replaceAll(ours, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/)
  expect(context.elements.at(-1)!.text).toBe(
    '<https://logs.example.org/v1/incidents/a?b=1&amp;c=2|the incident>',
  )
})

test('a signature is that of a known example', () => {
  // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
  expect(signatureOf('{"a":1}', 'secret', 1_700_000_000)).toBe(
    't=1700000000,v1=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686',
  )
})

test('pauses grow from a second to five minutes, and chance halves them at most', () => {
  const random = seededRandom(7)
  for (let attempts = 1; attempts <= 2_000; attempts += 1) {
    const longest = Math.min(1_000 * 2 ** (attempts - 1), 300_000)
    const pause = retryPauseMs(attempts, random())
    expect(pause).toBeLessThanOrEqual(longest)
    expect(pause).toBeGreaterThanOrEqual(longest / 2)
  }
  expect(retryPauseMs(1, 0)).toBe(1_000)
  expect(retryPauseMs(50, 1)).toBe(150_000)
})
