import { etag } from 'hono/etag'
import { describeAccess } from '../access/describe-access.js'
import type { Api } from '../api.js'
import { describeOtherFormats } from '../export/json-only.js'
import { problemReference } from '../http/problem.js'
import { keptByEtag } from '../http/static-file.js'

const description = `Logs and statistics of Pulsehouse.

Times are UTC. Failures are \`application/problem+json\` (RFC 9457); a parameter that does not exist is one.
A failed query is an error, never an empty list.`

/** What the OpenAPI document says beside the routes. */
export const openApiHead = {
  openapi: '3.1.0',
  info: {
    title: 'Pulsehouse',
    version: '0.1.0',
    description,
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
}

type Document = ReturnType<typeof describeAccess>

/** `GET /openapi.json`: the document is made from the routes, so it can't say anything else than they do. */
export function addOpenApi(app: Api): void {
  // Routes are there before the first request: the document is made once.
  let document: Document | undefined
  app.get('/openapi.json', etag(), (context) => {
    document ??= describeLength(describeAccess(describeOtherFormats(app.getOpenAPI31Document(openApiHead))))
    return context.json(document, 200, keptByEtag)
  })
}

/** What holds for every address, so that no route has to remember it. */
function describeLength(document: Document): Document {
  for (const item of Object.values(document.paths ?? {})) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = item[method]
      if (operation !== undefined) {
        operation.responses = { ...operation.responses, ...problemReference('address-too-long') }
      }
    }
  }
  return document
}
