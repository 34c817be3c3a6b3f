import { OpenAPIHono } from '@hono/zod-openapi'
import { requestId } from 'hono/request-id'
import { authenticate } from './access/authenticate.js'
import { limitRate } from './access/rate-limit.js'
import type { Api, ApiEnv, ApiParts } from './api.js'
import { allowOrigins } from './cross-origin.js'
import { problemOf } from './failure.js'
import { badParametersOf, Problem, respondWithProblem, type ProblemKind } from './problem.js'
import { requestLog } from './request-log.js'
import { addAccounting } from './routes/accounting.js'
import { addBehaviour } from './routes/behaviour.js'
import { addCommerce } from './routes/commerce.js'
import { addDocs } from './routes/docs.js'
import { addEvents } from './routes/events.js'
import { addHealth } from './routes/health.js'
import { addKeys } from './routes/keys.js'
import { addLog } from './routes/log.js'
import { addLogs } from './routes/logs.js'
import { addSecurity } from './routes/security.js'
import { addSessions } from './routes/sessions.js'
import { addSessionById } from './routes/sessions-by-id.js'
import { addStatsSeries } from './routes/stats-series.js'
import { addStatsSummary } from './routes/stats-summary.js'
import { addStatsTop } from './routes/stats-top.js'
import { addOpenApi } from './routes/openapi.js'
import { addPages } from './routes/pages.js'
import { addPipelineLag } from './routes/pipeline-lag.js'
import { addReadiness } from './routes/readiness.js'
import { addSystemState } from './routes/system-state.js'
import { addTail } from './routes/tail.js'
import { securityHeaders } from './security-headers.js'
import { createServerTiming } from './server-timing.js'

/** An address may be this long: its parameters travel on to ClickHouse in an address again. */
const addressCharsMax = 4_096

/** Failures that whoever runs the API has to hear of. */
const failuresOfOurs: ReadonlySet<ProblemKind> = new Set([
  'internal',
  'unavailable',
  'memory-limit',
  'time-limit',
])

/** Puts the API together. It opens nothing and listens nowhere: `app.request()` is enough to call it. */
export function createApp(given: ApiParts): Api {
  const timing = createServerTiming()
  const parts = { ...given, clickhouse: timing.watched(given.clickhouse) }
  const app: Api = new OpenAPIHono<ApiEnv>({
    defaultHook: (result, context) =>
      result.success ? undefined : respondWithProblem(context, badParametersOf(result.error)),
  })
  app.use(requestId(), requestLog(parts.log), timing.middleware, securityHeaders)
  if (parts.corsOrigins.length > 0) app.use(allowOrigins(parts.corsOrigins))
  app.use(async ({ req }, next) => {
    if (req.url.length > addressCharsMax) {
      throw new Problem('address-too-long', `An address has ${addressCharsMax} characters at the most.`)
    }
    await next()
  })
  app.use('/v1/*', authenticate(parts), limitRate(parts))
  app.onError((error, context) => {
    const problem = problemOf(error)
    if (failuresOfOurs.has(problem.kind)) {
      parts.log.error({ requestId: context.get('requestId'), ...loggable(problem) }, 'a request failed')
    }
    return respondWithProblem(context, problem)
  })
  app.notFound((context) =>
    respondWithProblem(
      context,
      new Problem(
        'not-found',
        `There is no ${context.req.method} ${context.req.path}; /docs lists what there is.`,
      ),
    ),
  )
  addHealth(app)
  addReadiness(app, parts)
  addEvents(app, parts)
  addLogs(app, parts)
  // Before /v1/logs/{id}: the first route that fits an address answers.
  addTail(app, parts)
  addLog(app, parts)
  addStatsSeries(app, parts)
  addStatsTop(app, parts)
  addStatsSummary(app, parts)
  addSessions(app, parts)
  addSessionById(app, parts)
  addBehaviour(app, parts)
  addSecurity(app, parts)
  addCommerce(app, parts)
  addAccounting(app, parts)
  addPipelineLag(app, parts)
  addSystemState(app, parts)
  addKeys(app, parts)
  addOpenApi(app)
  addPages(app, parts)
  addDocs(app)
  return app
}

/** An unforeseen error is logged whole; a query's is not, for ClickHouse repeats the query's values in it. */
function loggable(problem: Problem): Record<string, unknown> {
  return problem.kind === 'internal' && problem.cause instanceof Error && !('query' in problem.cause)
    ? { err: problem.cause }
    : { problem: problem.kind, why: problem.message }
}
