import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream'
import { answerOf, ApiProblem } from './answer-of.js'
import { createClient, type ClientOptions } from './create-client.js'
import type { components, paths } from './schema.js'

/** Filters of the live tail, as `GET /v1/logs/tail` takes them. */
export type TailQuery = NonNullable<paths['/v1/logs/tail']['get']['parameters']['query']>

/** What the live tail says: a log, or a time range that the queue does not hold any more. */
export type TailMessage =
  | { kind: 'log'; id: string; log: components['schemas']['Log'] }
  | { kind: 'gap'; id: string; from: string | null; to: string; detail: string }

/** A broken connection is taken up again after this time, milliseconds. */
const retryMs = 1_000

/**
 * Log events as they arrive, for `for await`. A connection that breaks is taken up again where it broke: no event is
 * missed and none comes twice; what could not be kept up with is told as a gap.
 *
 * @param options its signal ends the iteration without an error.
 * @throws {ApiProblem} when the API refuses: a bad filter, a key that may not. That it is away is waited for.
 */
export async function* followLogs(
  options: ClientOptions & { query?: TailQuery; signal?: AbortSignal },
): AsyncGenerator<TailMessage, void> {
  const { query = {}, signal } = options
  const ended = (): boolean => signal?.aborted === true
  let lastId: string | undefined
  while (!ended()) {
    try {
      for await (const message of await open(options, query, lastId)) {
        lastId = message.id ?? lastId
        const said = messageOf(message, lastId ?? '')
        if (said !== undefined) yield said
      }
    } catch (error) {
      if (ended()) return
      if (!isPassing(error)) throw error
    }
    await pause(signal)
  }
}

/** Whether a failure is worth another attempt: the network's are of this type, and 503 says that it will pass. */
function isPassing(error: unknown): boolean {
  return error instanceof ApiProblem ? error.status === 503 : error instanceof TypeError
}

async function open(
  options: ClientOptions & { signal?: AbortSignal },
  query: TailQuery,
  lastId: string | undefined,
): Promise<ReadableStream<EventSourceMessage>> {
  const { signal } = options
  const body = await answerOf(
    createClient(options).GET('/v1/logs/tail', {
      params: { query, ...(lastId === undefined ? {} : { header: { 'last-event-id': lastId } }) },
      parseAs: 'stream',
      ...(signal === undefined ? {} : { signal }),
    }),
  )
  const stream = body as unknown as ReadableStream<Uint8Array<ArrayBuffer>>
  return stream.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
}

/** What is neither a log nor a gap says that the reader was too slow; the next connection goes on from there. */
function messageOf({ event = 'message', data }: EventSourceMessage, id: string): TailMessage | undefined {
  if (event === 'message') return { kind: 'log', id, log: JSON.parse(data) as components['schemas']['Log'] }
  if (event !== 'gap') return undefined
  return { kind: 'gap', id, ...(JSON.parse(data) as { from: string | null; to: string; detail: string }) }
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, retryMs)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
