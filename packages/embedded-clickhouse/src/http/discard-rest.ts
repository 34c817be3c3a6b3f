import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { limits } from '../limits.js'

/**
 * Reads on what is left of a refused request, for a while: a connection that is closed while the client still
 * sends takes the reply with it. A request that does not end soon is cut off.
 */
export async function discardRest(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.complete || request.destroyed) return
  const enough = AbortSignal.timeout(limits.discardMs)
  let left = limits.discardBytes
  const ended = Promise.race([
    once(request, 'end', { signal: enough }),
    once(request, 'close', { signal: enough }),
    new Promise<void>((resolve) =>
      request.on('data', (chunk: Buffer) => {
        left -= chunk.length
        if (left < 0) resolve()
      }),
    ),
  ])
  await ended.catch(() => {})
  if (!request.complete) {
    response.destroy()
    request.destroy()
  }
}
