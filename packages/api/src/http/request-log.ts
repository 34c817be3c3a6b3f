import { once } from 'node:events'
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Logger } from '@pulsehouse/platform'
import type { ApiEnv } from '../api.js'

/**
 * One line a request, when its last byte is sent, with the id of the key that asked. The line has the route and not the
 * address: what stands in a query string may be personal data.
 */
export function requestLog(log: Logger): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const startMs = performance.now()
    const { incoming, outgoing } = context.env ?? {}
    const socket = incoming && 'socket' in incoming ? incoming.socket : undefined
    const bytesBefore = socket?.bytesWritten ?? 0
    await next()
    const line = {
      requestId: context.get('requestId'),
      keyId: context.get('key')?.id,
      method: context.req.method,
      route: routePath(context, -1),
      status: context.res.status,
    }
    const write = (): void => {
      const durationMs = Math.round((performance.now() - startMs) * 10) / 10
      log.info({ ...line, durationMs, bytes: (socket?.bytesWritten ?? 0) - bytesBefore }, 'request')
    }
    if (outgoing === undefined || outgoing.closed) write()
    else void once(outgoing, 'close').then(write, write)
  }
}
