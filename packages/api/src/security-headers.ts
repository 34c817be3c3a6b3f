import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/** Answers are data: a browser that is led to one by mistake runs nothing of it. */
const forData = secureHeaders({
  strictTransportSecurity: false,
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
})

/** Swagger UI writes styles into its elements and draws icons from data addresses; nothing comes from elsewhere. */
const forDocs = secureHeaders({
  strictTransportSecurity: false,
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
})

/** Tells browsers what they may do with an answer. Whether there is TLS is known to whoever puts it in front of us. */
export const securityHeaders: MiddlewareHandler = async (context, next) => {
  const { path } = context.req
  const ofDocs = path === '/docs' || path.startsWith('/docs/')
  await (ofDocs ? forDocs : forData)(context, next)
  // What people asked about others must not lie in a cache.
  if (!ofDocs) context.res.headers.set('Cache-Control', 'no-store')
}
