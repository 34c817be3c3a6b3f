import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Api, ApiEnv } from '../api.js'
import { Problem, problemReference } from '../http/problem.js'
import { jsonType, takes } from './negotiate.js'

/** As much of a route, or of an operation of the document, as says in which formats it answers. */
interface Answering {
  responses?: Readonly<Record<string, unknown>>
}

/** Whether an answer comes as JSON and in no other format. */
function isJsonOnly({ responses }: Answering): boolean {
  const { content = {} } = (responses?.['200'] ?? {}) as { content?: object }
  return Object.keys(content).join() === jsonType
}

/**
 * Refuses what asks for another format than JSON where there is none: whoever wants a file must not take JSON for one. A
 * route that has files looks at `Accept` itself, and a request that changes something is not refused for how its answer looks.
 *
 * @throws {Problem} not-acceptable
 */
export function refuseOtherFormats({
  openAPIRegistry,
}: Pick<Api, 'openAPIRegistry'>): MiddlewareHandler<ApiEnv> {
  // Routes are there before the first request: they are looked through once.
  let formats: ReadonlyMap<string, boolean> | undefined
  return async (context, next) => {
    formats ??= new Map(
      openAPIRegistry.definitions.flatMap((definition) =>
        definition.type === 'route' && definition.route.method === 'get'
          ? [[definition.route.path.replaceAll(/\{(\w+)\}/g, ':$1'), isJsonOnly(definition.route)]]
          : [],
      ),
    )
    if (formats.get(pathOf(context)) === true && !takes(context, jsonType)) {
      throw new Problem(
        'not-acceptable',
        `There is no file of this, and the Accept does not take ${jsonType}.`,
      )
    }
    await next()
  }
}

/** Address of the route that will answer: the first one that fits. */
function pathOf(context: Context): string {
  return matchedRoutes(context).find(({ method }) => method === 'GET')?.path ?? ''
}

type Document = ReturnType<Api['getOpenAPI31Document']>

/** Completes the document of the routes with that problem, so that no route has to remember it. */
export function describeOtherFormats(document: Document): Document {
  for (const [path, { get }] of Object.entries(document.paths ?? {})) {
    if (get === undefined || !path.startsWith('/v1/') || !isJsonOnly(get)) continue
    get.responses = { ...problemReference('not-acceptable'), ...get.responses }
  }
  return document
}
