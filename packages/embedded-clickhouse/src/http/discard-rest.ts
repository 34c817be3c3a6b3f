import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { limits } from '../limits.js'

/**
 * Reads on what is left of a refused request, for a while: a connection that is closed while the client still
 * sends takes the reply with it. A request that does not end soon is cut off.
 */
export async function discardRest(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.complete || request.destroyed) return
  const enough = new AbortController()
  const timer = setTimeout(() => enough.abort(), limits.discardMs)
  let left = limits.discardBytes
  // Whoever read the body may still listen, and a stream flows to nobody while somebody listens so.
  request.removeAllListeners('readable')
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) enough.abort()
  })
  request.resume()
  await once(request, 'close', { signal: enough.signal }).catch(() => {})
  clearTimeout(timer)
  if (!request.complete) {
    response.destroy()
    request.destroy()
  }
}
