import { openPublisher, type Logger, type NatsLink } from '@pulsehouse/platform'
import { openGate } from '../http/gate.js'
import { Problem } from '../http/problem.js'
import { bodyLines } from './body-lines.js'
import { checkLines, type CheckedLines } from './check-lines.js'
import { intakeLimits, type IntakeLimits } from './limits.js'
import { packChunks } from './pack-chunks.js'
import { queueChunks, type Retry } from './queue-chunks.js'
import { readBody } from './read-body.js'

/** What became of a body's events. */
export interface Taken extends Omit<CheckedLines, 'accepted'> {
  /** Events that are in the queue. */
  accepted: number
  /** Messages of the queue that carry them. */
  chunks: number
}

/** Takes events over HTTP and puts them into the queue. */
export interface Intake {
  /**
   * Reads a request's events, and resolves when the queue has on its disk all that are events.
   *
   * @throws {Problem} when the body can't be used, or the queue does not take it in time.
   */
  take(request: Request, retry: Retry | undefined): Promise<Taken>
}

/** Opens the intake. */
export function createIntake(
  parts: { nats: NatsLink; log: Logger; nowMs: () => number },
  limits: IntakeLimits = intakeLimits,
): Intake {
  const publisher = openPublisher(parts.nats, { subject: 'logs.http', log: parts.log })
  const gate = openGate(limits.bodiesMax)
  const takeNow = async (request: Request, retry: Retry | undefined): Promise<Taken> => {
    const body = await readBody(request, limits.bodyBytesMax)
    const lines = bodyLines(body, request.headers.get('Content-Type') ?? undefined)
    const checked = await checkLines(lines, parts.nowMs() * 1000, limits.refusedListedMax)
    const { accepted, refused, refusedCount } = checked
    if (accepted.length === 0) throw nothingAccepted(checked)
    const chunks = packChunks(accepted)
    await queueChunks(publisher, chunks, retry, limits)
    return { accepted: accepted.length, refused, refusedCount, chunks: chunks.length }
  }
  return {
    take: async (request, retry) => {
      const tooLate = AbortSignal.timeout(limits.turnWaitMs)
      const leave = await gate.enter(tooLate)
      try {
        if (tooLate.aborted) throw busy(limits)
        return await takeNow(request, retry)
      } finally {
        leave()
      }
    },
  }
}

function nothingAccepted({ refused, refusedCount }: CheckedLines): Problem {
  const [first] = refused
  return new Problem(
    'bad-parameters',
    `None of the ${refusedCount} lines is an event; the first one: ${first?.reason}, ${first?.detail}.`,
    {
      extra: {
        errors: [{ parameter: 'body', message: 'has no event in it' }],
        refused,
        refused_count: refusedCount,
      },
    },
  )
}

function busy({ bodiesMax }: IntakeLimits): Problem {
  return new Problem(
    'unavailable',
    `${bodiesMax} bodies are being worked on, and no turn came in time: send it again.`,
    {
      headers: { 'Retry-After': '2' },
    },
  )
}
