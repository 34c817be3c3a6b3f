import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

const nothing = ["'none'"]
const ours = ["'self'"]

/** Answers are data: a browser that is led to one by mistake runs nothing of it. */
const forData = secureHeaders({
  strictTransportSecurity: false,
  contentSecurityPolicy: { defaultSrc: nothing, frameAncestors: nothing },
})

/** What a page of ours may do: run and show what comes from us, and ask us. */
const pagePolicy = {
  defaultSrc: nothing,
  scriptSrc: ours,
  styleSrc: ours,
  imgSrc: [...ours, 'data:'],
  connectSrc: ours,
  baseUri: nothing,
  formAction: nothing,
  frameAncestors: nothing,
}
const forPages = secureHeaders({ strictTransportSecurity: false, contentSecurityPolicy: pagePolicy })

/** Swagger UI writes styles into its elements. */
const forDocs = secureHeaders({
  strictTransportSecurity: false,
  contentSecurityPolicy: { ...pagePolicy, styleSrc: [...ours, "'unsafe-inline'"] },
})

/** Tells browsers what they may do with an answer. Whether there is TLS is known to whoever puts it in front of us. */
export const securityHeaders: MiddlewareHandler = async (context, next) => {
  const { path } = context.req
  await headersFor(path)(context, next)
  // What people asked about others must not lie in a cache; what may be kept says so itself.
  if (!context.res.headers.has('Cache-Control')) context.res.headers.set('Cache-Control', 'no-store')
}

function headersFor(path: string): MiddlewareHandler {
  if (path === '/docs') return forDocs
  return path === '/' ? forPages : forData
}
