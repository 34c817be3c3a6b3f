import type { Context, MiddlewareHandler } from 'hono'
import type { ApiEnv, ApiParts } from '../api.js'
import { freeTextParameters } from './free-text.js'
import { namesPerson } from './mask-people.js'
import { demand, may } from './needs.js'
import { sightOf, type Sight } from './sight.js'

/** A cursor is sealed by us; that its letters look like a pseudonym can happen. */
const sealed: ReadonlySet<string> = new Set(['cursor'])

/**
 * Refuses questions by which somebody could be followed who may not be seen: a pseudonym in any parameter or in the
 * path and, where clear values are kept, every look into a field that may hold one. It stands before all routes, so
 * that no filter can be forgotten. Who may not read at all is told so by the route.
 */
export function shieldPeople(parts: Pick<ApiParts, 'protection'>): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const sight = sightOf(context, parts)
    if (sight !== 'all' && may(context, 'read')) {
      const [found] = placesOfPeople(context, sight)
      if (found !== undefined) demand(context, 'personal', `look for people, and ${found} can name one`)
    }
    await next()
  }
}

function placesOfPeople({ req }: Context<ApiEnv>, sight: Sight): string[] {
  const parameters = Object.entries(req.queries())
    .filter(([name]) => !sealed.has(name))
    .filter(([name, values]) => isFreeText(name, sight) || values.some(namesPerson))
    .map(([name]) => `the parameter ${name}`)
  return namesPerson(pathOf(req.path)) ? ['the path', ...parameters] : parameters
}

function isFreeText(name: string, sight: Sight): boolean {
  return sight === 'bare' && freeTextParameters.has(name)
}

function pathOf(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // The route says what is wrong with it.
    return path
  }
}
