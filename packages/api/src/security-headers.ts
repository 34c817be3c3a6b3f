import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/** Answers are data: a browser that is led to one by mistake runs nothing of it. */
const forData = secureHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
})

/** Swagger UI writes styles into its elements and draws icons from data addresses; nothing comes from elsewhere. */
const forDocs = secureHeaders({
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

/** Tells browsers what they may do with an answer. */
export const securityHeaders: MiddlewareHandler = async (context, next) => {
  const { path } = context.req
  await (path === '/docs' || path.startsWith('/docs/') ? forDocs : forData)(context, next)
}
