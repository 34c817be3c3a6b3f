import { createRoute, z } from '@hono/zod-openapi'
import { parseIsoMicros } from '@pulsehouse/events'
import { needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { isoOf } from '../parameters/minute-range.js'
import { problemResponses } from '../http/problem.js'
import { theOnlyRow } from '../query/only-row.js'
import { runQuery } from '../query/named-query.js'
import { freshness } from './freshness.js'
import { serverLoads, serverLoadSchema } from './server-loads.js'
import { storage, storageSchema } from './storage.js'
import { systemLoads, type SystemLoadRow } from './system-loads.js'
import { loadsOf, spansAt } from './loads.js'
import { findingsOf, lagFindings, thresholds, verdicts, worstOf } from './verdict.js'
import { lagOf, lagSchema } from './pipeline-lag-route.js'

/** Servers that are shown at the most: the busiest. */
const serversMax = 100

const loadSchema = z
  .object({
    events: z.int(),
    events_per_second: z.number(),
    error_ratio: z.number().nullable().openapi({ description: '0 to 1; null without events.' }),
    response_time_p95: z
      .number()
      .nullable()
      .openapi({ description: 'Milliseconds, within 2 %; null where it was not measured.' }),
    users: z.int().openapi({ description: 'Different users; an estimate above some ten thousand.' }),
  })
  .openapi('SystemLoad')

const time = z.string().openapi({ example: '2026-03-01T12:00:00Z' })
const spanSchema = z
  .object({
    from: time,
    to: time.openapi({ description: 'Not included; the minute that is still filling is not looked at.' }),
    now: loadSchema,
    before: loadSchema.openapi({ description: 'The same length of time before `from`.' }),
  })
  .openapi('SystemSpan')

const verdict = z.enum(verdicts)
const reasons = z
  .array(z.string())
  .openapi({ description: 'What is wrong, in sentences; empty when all is well.' })

const stateSchema = z
  .object({
    verdict,
    reasons,
    five_minutes: spanSchema,
    hour: spanSchema,
    services: z
      .array(
        z.object({ service: z.string().nullable(), verdict, reasons, now: loadSchema, before: loadSchema }),
      )
      .openapi({
        description:
          'The last 5 minutes of each service that had events within the last 2 hours, the worst first.',
      }),
    servers: z.array(serverLoadSchema).openapi({
      description: `The last 5 minutes of each server, the busiest first, ${serversMax} at the most.`,
    }),
    freshness: z.object({
      newest_received: z
        .string()
        .nullable()
        .openapi({ description: 'When the queue took the newest chunk that is stored; null when none is.' }),
      seconds: z.number().nullable().openapi({ description: 'How long ago that was.' }),
    }),
    lag: lagSchema,
    storage: z.array(storageSchema).openapi({ description: 'What the tables hold, the largest first.' }),
    tables: z.array(z.string()).openapi({ description: 'What was read.' }),
  })
  .openapi('SystemState')

type State = z.infer<typeof stateSchema>

const t = thresholds
const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/system/state',
  tags: ['State'],
  summary: 'How things stand now, against the time before, with a verdict in words',
  description:
    `Compares the last 5 minutes with the 5 before. A service is down with errors in ${t.errorRatioDown * 100} % of its events, or without any ` +
    `event after ${t.eventsMin} in the hour; degraded with ${t.errorRatioDegraded * 100} % errors, with ${t.errorRatioNoticed * 100} % where that is ${t.growth} times what it was, with a 95th percentile of the ` +
    `response time of ${t.responseTimeNoticedMs} ms and ${t.growth} times what it was, or with less than ${t.rateDrop * 100} % of its events. Fewer than ` +
    `${t.eventsMin} events in 5 minutes are not judged. Everything is down when that is so of all services together, or when an event waits ` +
    `for ${t.lagDownSeconds} s to be stored; it is degraded when a service is down or degraded, or from ${t.lagDegradedSeconds} s on.`,
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'The state. A bad one is a 200 as well.',
      content: { 'application/json': { schema: stateSchema } },
    },
    ...problemResponses('bad-parameters', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/system/state` */
export function addSystemState(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const run = runOf(parts, context)
    const nowMs = parts.nowMs()
    const sight = sightOf(context, parts)
    const { toSeconds, starts, ends } = spansAt(nowMs)
    const five = { from_seconds: toSeconds - 300, to_seconds: toSeconds }
    const [rows, servers, newest, lag, tables] = await Promise.all([
      runQuery(systemLoads, { starts, ends, sight }, run),
      runQuery(serverLoads, { ...five, limit: serversMax, sight }, run),
      runQuery(freshness, {}, run),
      lagOf(parts),
      runQuery(storage, {}, run),
    ])
    const newestReceived = theOnlyRow(freshness, newest).newest_received
    const state: State = {
      ...judged(rows, toSeconds, lag.seconds),
      servers,
      freshness: { newest_received: newestReceived, seconds: secondsSince(newestReceived, nowMs) },
      lag,
      storage: tables,
      tables: ['services_by_minute', 'facets_by_minute', 'batches', 'system.parts'],
    }
    return context.json(state, 200)
  })
}

/** The state of all services and of each, and what to make of it. */
function judged(
  rows: readonly SystemLoadRow[],
  toSeconds: number,
  lagSeconds: number,
): Pick<State, 'verdict' | 'reasons' | 'five_minutes' | 'hour' | 'services'> {
  const [now, before, hour, hourBefore] = loadsOf(rows.filter((row) => row.all_services))
  const services = servicesOf(rows)
  const findings = [...findingsOf('All services', now, before, hour), ...lagFindings(lagSeconds)]
  const ofServices = services.filter((service) => service.verdict !== 'ok')
  const spanTo = isoOf(toSeconds)
  return {
    verdict: worstOf([...findings, ...(ofServices.length > 0 ? [{ verdict: 'degraded' as const }] : [])]),
    reasons: [...findings.map(({ reason }) => reason), ...ofServices.flatMap((service) => service.reasons)],
    five_minutes: { from: isoOf(toSeconds - 300), to: spanTo, now, before },
    hour: { from: isoOf(toSeconds - 3_600), to: spanTo, now: hour, before: hourBefore },
    services,
  }
}

function servicesOf(rows: readonly SystemLoadRow[]): State['services'] {
  const names = [...new Set(rows.filter((row) => !row.all_services).map(({ service }) => service))]
  const services = names.map((name) => {
    const [now, before, hour] = loadsOf(rows.filter((row) => !row.all_services && row.service === name))
    const findings = findingsOf(name === '' ? 'Events without a service' : name, now, before, hour)
    return {
      service: name === '' ? null : name,
      verdict: worstOf(findings),
      reasons: findings.map(({ reason }) => reason),
      now,
      before,
    }
  })
  const badness = (service: State['services'][number]): number => verdicts.indexOf(service.verdict)
  return services.toSorted(
    (a, b) =>
      badness(b) - badness(a) ||
      (b.now.error_ratio ?? 0) - (a.now.error_ratio ?? 0) ||
      ((a.service ?? '') < (b.service ?? '') ? -1 : 1),
  )
}

function secondsSince(time: string | null, nowMs: number): number | null {
  const micros = time === null ? undefined : parseIsoMicros(time)
  return micros === undefined ? null : Math.max(nowMs - micros / 1000, 0) / 1000
}
