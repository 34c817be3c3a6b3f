import type { Context } from 'hono'
import type { ApiEnv, ApiParts } from '../api.js'
import { StreamFull, type PacedRequest } from './paced-stream.js'
import { Problem } from './problem.js'

/** Whoever finds no room may ask again after so long, seconds. */
const retryAfterSeconds = 10

/** A reader of a stream as the request tells of it: it may read as long as its key is there. */
export function pacedRequestOf(context: Context<ApiEnv>, { keys }: Pick<ApiParts, 'keys'>): PacedRequest {
  const id = context.get('key')?.id
  return {
    // A key may be revoked while its reader reads.
    isAllowed: () => keys.list().some((key) => key.id === id),
    cutOff: () => void context.env?.outgoing?.destroy(),
  }
}

/**
 * Answers with Server-Sent Events.
 *
 * @throws {Problem} unavailable where there is no room for another reader.
 */
export async function respondWithEvents(
  context: Context<ApiEnv>,
  opening: Promise<ReadableStream<Uint8Array>>,
) {
  const stream = await orExplain(opening)
  return context.body(stream, 200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    // Proxies that gather answers would hold events back.
    'X-Accel-Buffering': 'no',
  })
}

async function orExplain<Opened>(opening: Promise<Opened>): Promise<Opened> {
  try {
    return await opening
  } catch (error) {
    if (!(error instanceof StreamFull)) throw error
    const headers = { 'Retry-After': String(retryAfterSeconds) }
    throw new Problem('unavailable', error.message, { cause: error, headers })
  }
}
