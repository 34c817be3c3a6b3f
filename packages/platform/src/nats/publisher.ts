import { headers, NatsError } from 'nats'
import type { Logger } from '../logger.js'
import type { NatsLink } from './connection.js'
import { findChunk } from './find-chunk.js'

/** Headers of a chunk. */
export interface ChunkHeaders {
  /** Identity of the chunk for the server's duplicate window; a retry must carry the same. */
  id: string
  contentType: string
  /** Added to every event's time on decoding, microseconds. */
  timeShiftMicros?: number
  /**
   * Sequence of the newest chunk of the subject that the stream holds, 0 for none: with another one there, the chunk is
   * refused. Who reads the subject before can be sure of what is on it.
   */
  subjectLastSeq?: number
}

/** Name of the header that moves the times of a chunk's events, in microseconds. */
export const timeShiftHeader = 'Pulsehouse-Time-Shift'

/** Puts chunks into the queue. */
export interface Publisher {
  /**
   * Resolves with the chunk's sequence when the server has it on its disk. A server that is away or a stream that
   * is full is waited for, with a word in the log; the chunk is never dropped.
   *
   * @param giveUpAtMs until when that is waited for, milliseconds since 1970; without it, for ever.
   * @throws {QueueUnavailable} when it is not certain by then that the server has the chunk. It may have it all the
   *   same: only a retry under the same id is no second chunk.
   * @throws {SubjectMoved} when the subject's newest chunk is another one than was expected.
   * @throws when the server refuses the chunk for good (too large, no such stream), or after `close`.
   */
  publish(payload: Uint8Array, chunk: ChunkHeaders, giveUpAtMs?: number): Promise<number>
  /** Gives up what still waits. */
  close(): void
}

/** The queue took a chunk not in time; the message says why. */
export class QueueUnavailable extends Error {}

/** Another chunk was published on the subject, or the newest one has left the stream. */
export class SubjectMoved extends Error {}

/** JetStream's error code for that. */
const subjectMovedCode = 10071
/** Wait between two attempts, in milliseconds, from the first to the longest. */
const retryWaitMs = { min: 100, max: 2_000 } as const
/** The server has this long to answer one attempt, in milliseconds. */
const answerTimeoutMs = 5_000
/**
 * A chunk whose fate is unknown for this long is looked for in the stream before it is sent again, milliseconds: the server
 * forgets identities after two minutes, and would take it twice.
 */
const searchAfterMs = 90_000
/** JetStream's error codes for "the stream is full": bytes, messages, and storage of the account or server. */
const fullCodes = new Set([10077, 10047, 10023, 10028])
/** The client's codes for an outcome that nobody knows: the retry under the same id settles it. */
const unknownOutcome = new Set(['TIMEOUT', '503', 'CONNECTION_CLOSED', 'DISCONNECT', 'CONNECTION_TIMEOUT'])

/** Opens a publisher for one subject under `logs.`. */
export function openPublisher(
  nats: NatsLink,
  options: { subject: string; log: Logger; searchAfterMs?: number },
): Publisher {
  const { subject, log } = options
  let ackedSeq = 0
  let closed = false
  let lastWord = ''
  const say = (word: string): void => {
    if (word !== lastWord) log.warn(word)
    lastWord = word
  }
  return {
    close: () => {
      closed = true
    },
    publish: async (payload, chunk, giveUpAtMs = Infinity) => {
      const head = headers()
      head.set('Content-Type', chunk.contentType)
      if (chunk.timeShiftMicros !== undefined) head.set(timeShiftHeader, String(chunk.timeShiftMicros))
      // What is sent now comes to stand behind what is there already.
      const behindSeq = ackedSeq
      let knownAtMs = performance.now()
      for (let waitMs: number = retryWaitMs.min; ; waitMs = Math.min(waitMs * 2, retryWaitMs.max)) {
        try {
          if (performance.now() - knownAtMs > (options.searchAfterMs ?? searchAfterMs)) {
            const searchedAtMs = performance.now()
            const found = await findChunk(nats, subject, chunk.id, behindSeq)
            if (found !== undefined) return found
            knownAtMs = searchedAtMs
          }
          const timeout = Math.max(1, Math.min(answerTimeoutMs, giveUpAtMs - Date.now()))
          const ack = await nats.jetstream.publish(subject, payload, {
            msgID: chunk.id,
            headers: head,
            timeout,
            ...(chunk.subjectLastSeq === undefined
              ? {}
              : { expect: { lastSubjectSequence: chunk.subjectLastSeq } }),
          })
          if (lastWord !== '') log.info('the queue takes chunks again')
          lastWord = ''
          ackedSeq = Math.max(ackedSeq, ack.seq)
          return ack.seq
        } catch (error) {
          if (error instanceof NatsError && error.api_error?.err_code === subjectMovedCode) {
            throw new SubjectMoved(`the newest chunk of ${subject} is another one`, { cause: error })
          }
          const word = reasonToWait(error)
          if (word === undefined || closed || nats.connection.isClosed()) throw error
          if (Date.now() + waitMs >= giveUpAtMs) throw new QueueUnavailable(word, { cause: error })
          say(word)
        }
        await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
    },
  }
}

function reasonToWait(error: unknown): string | undefined {
  if (!(error instanceof NatsError)) return undefined
  if (fullCodes.has(error.api_error?.err_code ?? 0)) {
    return 'the queue is full: waiting for the ingester to make room (is it running? see --queue-bytes)'
  }
  if (unknownOutcome.has(error.code)) return `the queue does not answer (${error.code}): trying again`
  return undefined
}
