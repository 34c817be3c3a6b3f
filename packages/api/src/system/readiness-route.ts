import { setTimeout as delay } from 'node:timers/promises'
import { createRoute, z } from '@hono/zod-openapi'
import { databaseName, readLogStreamState } from '@pulsehouse/platform'
import { runOf, type Api, type ApiParts } from '../api.js'
import { Problem, problemResponses } from '../http/problem.js'
import { runQuery, type QueryRun } from '../query/named-query.js'
import { schemaVersion } from '../query/schema-version.js'

/** Whoever asks whether we are ready asks again soon: a part that is silent for this long is missing, milliseconds. */
const answerWithinMs = 3_000

const ok = z.literal('ok')
const route = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['State'],
  summary: 'Can questions be answered?',
  description:
    'Ready means: ClickHouse answers, its schema is the one that this API knows, and NATS answers and has the stream of ' +
    'the logs. Otherwise the problem says which part is missing and why, in `parts` too.',
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'Everything is there.',
      content: {
        'application/json': {
          schema: z.object({ status: z.literal('ready'), parts: z.object({ clickhouse: ok, nats: ok }) }),
        },
      },
    },
    ...problemResponses('bad-parameters', 'not-ready'),
  },
})

/** `GET /readyz` */
export function addReadiness(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const [clickhouse, nats] = await Promise.all([
      whyMissing(
        checkClickhouse({ ...runOf(parts, context), timeLimitMs: answerWithinMs }, parts.schemaVersion),
      ),
      whyMissing(readLogStreamState(parts.nats)),
    ])
    if (clickhouse === 'ok' && nats === 'ok') {
      return context.json(
        { status: 'ready' as const, parts: { clickhouse: 'ok' as const, nats: 'ok' as const } },
        200,
      )
    }
    const missing = Object.entries({ clickhouse, nats }).filter(([, why]) => why !== 'ok')
    throw new Problem('not-ready', missing.map(([part, why]) => `${part}: ${why}`).join('; '), {
      extra: { parts: { clickhouse, nats } },
    })
  })
}

async function checkClickhouse(run: QueryRun, known: number): Promise<void> {
  const [newest] = await runQuery(schemaVersion, {}, run)
  const version = newest?.version ?? 0
  if (version === known) return
  const advice = version < known ? 'run npm run migrate' : 'update the API'
  throw new Error(
    `the schema ${databaseName} is at migration ${version} and the API needs ${known}: ${advice}`,
  )
}

/** 'ok', or why a part can't be used; silence counts as missing. */
async function whyMissing(check: Promise<unknown>): Promise<string> {
  const answered = check.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  return await Promise.race([answered, silence()])
}

async function silence(): Promise<string> {
  await delay(answerWithinMs, undefined, { ref: false })
  return `no answer within ${answerWithinMs} ms`
}
