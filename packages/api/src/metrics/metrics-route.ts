import { createRoute, z } from '@hono/zod-openapi'
import { parseIsoMicros } from '@pulsehouse/events'
import { readIngestLag } from '@pulsehouse/platform'
import { needs } from '../access/needs.js'
import type { Api, ApiParts } from '../api.js'
import { problemResponses } from '../http/problem.js'
import { runQuery, type QueryRun } from '../query/named-query.js'
import { theOnlyRow } from '../query/only-row.js'
import { readLimitedAccounting } from '../system/accounting-route.js'
import { freshness } from '../system/freshness.js'
import { latestReading } from './latest-reading.js'
import { pipelineMetrics } from './pipeline-metrics.js'
import { prometheusText, prometheusType } from './prometheus-text.js'

/** Scrapers that come together share a reading of the queue and of the newest batch, milliseconds. */
const cheapAgeMs = 1_000
/** The accounting reads whole tables: once a minute, and for a twentieth of the time at the most. */
const accountingAgeMs = 60_000
const accountingRestFactor = 20
/** A scraper gives up after ten seconds by default; it is told of the reading before by then, milliseconds. */
const waitMs = 5_000

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/metrics',
  tags: ['State'],
  summary: 'The accounting and the lag for Prometheus',
  description:
    `In Prometheus' text format. The lag is read for each scrape, the accounting once in ${accountingAgeMs / 1000} s at the most ` +
    "(`pulsehouse_accounting_timestamp_seconds` says when), so that scraping often costs little. What can't be read is left out, " +
    'and `pulsehouse_up` of that part is 0. It needs a key, for it says how much business there is: give Prometheus one with ' +
    '`authorization: { credentials_file: … }`.',
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'The metrics.',
      content: { 'text/plain': { schema: z.string().openapi({ example: 'pulsehouse_lag_chunks 2\n' }) } },
    },
    ...problemResponses('bad-parameters'),
  },
})

/** `GET /metrics` */
export function addMetrics(app: Api, parts: ApiParts): void {
  const { nats, clickhouse, queryTimeLimitMs, nowMs, log } = parts
  const run: QueryRun = { clickhouse, timeLimitMs: queryTimeLimitMs }
  const reading = <T>(part: string, read: () => Promise<T>, ageMinMs: number, restFactor: number) =>
    latestReading(read, {
      ageMinMs,
      restFactor,
      waitMs,
      nowMs,
      failed: (error) =>
        log.warn(
          { part, why: error instanceof Error ? error.message : String(error) },
          'a metric is not known',
        ),
    })
  const queue = reading('queue', async () => await readIngestLag(nats, nowMs()), cheapAgeMs, 0)
  const tables = reading('tables', async () => await newestSeconds(run), cheapAgeMs, 0)
  const accounting = reading(
    'accounting',
    async () => await readLimitedAccounting(nats, run),
    accountingAgeMs,
    accountingRestFactor,
  )
  app.openapi(route, async (context) => {
    const [ofQueue, ofTables, ofAccounting] = await Promise.all([queue(), tables(), accounting()])
    const metrics = pipelineMetrics({ queue: ofQueue, tables: ofTables, accounting: ofAccounting })
    return context.text(prometheusText(metrics), 200, { 'Content-Type': prometheusType })
  })
}

async function newestSeconds(run: QueryRun): Promise<number | null> {
  const { newest_received: newest } = theOnlyRow(freshness, await runQuery(freshness, {}, run))
  const micros = newest === null ? undefined : parseIsoMicros(newest)
  return micros === undefined ? null : micros / 1e6
}
