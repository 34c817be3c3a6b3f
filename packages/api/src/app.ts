import { OpenAPIHono } from '@hono/zod-openapi'
import { requestId } from 'hono/request-id'
import { authenticate } from './access/authenticate.js'
import { limitRate } from './access/rate-limit.js'
import { shieldPeople } from './access/shield-people.js'
import type { Api, ApiEnv, ApiParts } from './api.js'
import { refuseOtherFormats } from './export/json-only.js'
import { allowOrigins } from './http/cross-origin.js'
import { problemOf } from './http/failure.js'
import { badParametersOf, Problem, respondWithProblem, type ProblemKind } from './http/problem.js'
import { requestLog } from './http/request-log.js'
import { addAccounting } from './system/accounting-route.js'
import { addBehaviour } from './behaviour/behaviour-route.js'
import { addCommerce } from './commerce/commerce-route.js'
import { addDocs } from './pages/docs-route.js'
import { addEvents } from './intake/events-route.js'
import { addHealth } from './system/health-route.js'
import { addIncidents } from './incidents/incidents-route.js'
import { addKeys } from './access/keys-route.js'
import { addLog } from './logs/log-route.js'
import { addLogs } from './logs/logs-route.js'
import { addMetrics } from './metrics/metrics-route.js'
import { addSecurity } from './security/security-route.js'
import { addSessions } from './sessions/sessions-route.js'
import { addSessionById } from './sessions/sessions-by-id-route.js'
import { needsMinutes } from './stats/history.js'
import { addStatsSeries } from './stats/stats-series-route.js'
import { addStatsSummary } from './stats/stats-summary-route.js'
import { addStatsTop } from './stats/stats-top-route.js'
import { addOpenApi } from './pages/openapi-route.js'
import { addPages } from './pages/pages-route.js'
import { addPipelineLag } from './system/pipeline-lag-route.js'
import { addReadiness } from './system/readiness-route.js'
import { addSystemState } from './system/system-state-route.js'
import { addTail } from './tail/tail-route.js'
import { securityHeaders } from './http/security-headers.js'
import { createServerTiming } from './http/server-timing.js'

/** An address may be this long: its parameters travel on to ClickHouse in an address again. */
const addressCharsMax = 4_096

/** Failures that whoever runs the API has to hear of. */
const failuresOfOurs: ReadonlySet<ProblemKind> = new Set([
  'internal',
  'unavailable',
  'memory-limit',
  'time-limit',
])

/** Products are kept by the hour; the statistics look for themselves. */
const readFromMinutes = ['/v1/behaviour/*', '/v1/security/*', '/v1/commerce/series', '/v1/commerce/summary']

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
  const [known, limited] = [authenticate(parts), limitRate(parts)]
  app.use('/v1/*', known, limited, refuseOtherFormats(app), shieldPeople(parts))
  app.use('/metrics', known, limited)
  for (const path of readFromMinutes) app.use(path, needsMinutes(parts))
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
  addIncidents(app, parts)
  addAccounting(app, parts)
  addPipelineLag(app, parts)
  addSystemState(app, parts)
  addMetrics(app, parts)
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
