import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { sightOf, type Sight } from '../access/sight.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { logIdPattern, parseLogId, positionOf, type LogIdentity } from './log-identity.js'
import { logSchema, type Log } from './log.js'
import { wholeNumber } from '../parameters/text.js'
import { Problem, problemResponses } from '../http/problem.js'
import { logById, type BondedLog } from './log-by-id.js'
import { logNeighbours, type LogNeighboursParameters } from './log-neighbours.js'
import { runQuery, type QueryRun } from '../query/named-query.js'

/** Neighbours lie within so many hours of the log, before and after. */
const reachHours = 12
const reachMicros = reachHours * 3_600_000_000

const neighbours = z.object({
  before: z.array(logSchema).openapi({ description: 'The nearest logs before it, oldest first.' }),
  after: z.array(logSchema).openapi({ description: 'The nearest logs after it, oldest first.' }),
})

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/logs/{id}',
  tags: ['Logs'],
  summary: 'One log event, with its neighbours',
  description:
    'The event, and those next to it in its session and in its correlation: what the user did before and after, and what ' +
    `else the same operation did. Neighbours lie within ${reachHours} hours of it.`,
  request: {
    params: z.object({
      id: z.string().regex(logIdPattern, 'must be the id of a log, as in 1770000000-4821-17').openapi({
        description: '`id` of a log.',
        example: '1770000000-4821-17',
      }),
    }),
    query: z.strictObject({
      neighbours: wholeNumber({
        description: 'Neighbours on each side at the most, of each kind.',
        min: 0,
        max: 100,
        fallback: 10,
      }),
    }),
  },
  responses: {
    200: {
      description: 'The event. `session` and `correlation` are null where it has none.',
      content: {
        'application/json': {
          schema: z.object({
            data: logSchema,
            session: neighbours.nullable(),
            correlation: neighbours.nullable(),
          }),
        },
      },
    },
    ...problemResponses('bad-parameters', 'not-found', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/logs/{id}` */
export function addLog(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid('param')
    const { neighbours: limit } = context.req.valid('query')
    const sight = sightOf(context, parts)
    const run = runOf(parts, context)
    const log = await findLog(parseLogId(id), sight, run)
    if (log === undefined) throw noSuchLog(id)
    const [session, correlation] = await Promise.all([
      neighboursOf(log, 'session', limit, sight, run),
      neighboursOf(log, 'correlation', limit, sight, run),
    ])
    const { bonds: _, ...data } = log
    return context.json({ data, session, correlation }, 200)
  })
}

async function findLog(
  identity: LogIdentity | undefined,
  sight: Sight,
  run: QueryRun,
): Promise<BondedLog | undefined> {
  if (identity === undefined) return undefined
  const { streamCreatedSeconds: created, streamSeq: seq, eventIndex: index } = identity
  const [log] = await runQuery(logById, { created, seq, index, sight }, run)
  return log
}

async function neighboursOf(
  log: BondedLog,
  bond: LogNeighboursParameters['bond'],
  limit: number,
  sight: Sight,
  run: QueryRun,
): Promise<z.infer<typeof neighbours> | null> {
  const value = log.bonds[bond]
  if (value === '') return null
  const at = positionOf(log)
  const look = async (side: LogNeighboursParameters['side']): Promise<Log[]> =>
    await runQuery(
      logNeighbours,
      {
        bond,
        side,
        value,
        sight,
        limit,
        from_micros: at.timestampMicros - (side === 'before' ? reachMicros : 0),
        to_micros: at.timestampMicros + (side === 'before' ? 1 : reachMicros),
        at_micros: at.timestampMicros,
        at_created: at.streamCreatedSeconds,
        at_seq: at.streamSeq,
        at_index: at.eventIndex,
      },
      run,
    )
  const [before, after] = await Promise.all([look('before'), look('after')])
  return { before: before.toReversed(), after }
}

function noSuchLog(id: string): Problem {
  return new Problem(
    'not-found',
    `There is no log ${id}: it was never stored, or its time of retention is over.`,
  )
}
