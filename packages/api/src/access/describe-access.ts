import type { Api } from '../api.js'
import { problemReference } from '../http/problem.js'

/** Name of the way to say who one is, in the OpenAPI document. */
export const schemeName = 'key'

/** What the OpenAPI document says of keys. */
const securityScheme = {
  type: 'http',
  scheme: 'bearer',
  description:
    'An API key, `ph_` and 43 characters. `npm start` makes one and keeps it in `api-key` of the data folder; ' +
    '`npm run keys` and `POST /v1/keys` make more. Its roles are `ingest`, `read` (sees nobody), `personal` (goes ' +
    'with `read`: sees people, and looks for them) and `admin` (all of them, keys and mutes).',
} as const

type Document = ReturnType<Api['getOpenAPI31Document']>

/**
 * Completes the document of the routes: how one says who one is, and the problems that every route has that needs a
 * key, so that no route has to remember them.
 */
export function describeAccess(document: Document): Document {
  const problems = problemReference('unauthorized', 'forbidden', 'rate-limited')
  for (const item of Object.values(document.paths ?? {})) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = item[method]
      if (operation?.security !== undefined) operation.responses = { ...problems, ...operation.responses }
    }
  }
  const components = document.components ?? {}
  return { ...document, components: { ...components, securitySchemes: { [schemeName]: securityScheme } } }
}
