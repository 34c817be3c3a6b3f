import { HTTPException } from 'hono/http-exception'
import { BadParameters, Problem, type ParameterError } from './problem.js'
import { resultBytesMax } from '../query/named-query.js'
import { QueryFailure, type QueryFailureKind } from '../query/query-failure.js'

const problemOfQuery: Record<QueryFailureKind, { kind: Problem['kind']; advice: string }> = {
  time_limit: {
    kind: 'time-limit',
    advice: 'It took longer than a query may take: narrow the time range or the filters.',
  },
  memory_limit: {
    kind: 'memory-limit',
    advice:
      'It needs more memory than one query may take, or than ClickHouse has left now: narrow the time range or the filters, or group by less.',
  },
  too_many_rows: {
    kind: 'too-many-rows',
    advice:
      'The answer is larger than one may be: take a later from, an earlier to or more filters, or group by less.',
  },
  too_many_bytes: {
    kind: 'too-many-bytes',
    advice: `Its rows have more than the ${resultBytesMax / 1024 / 1024} MiB that an answer may: take a smaller limit, narrow the time range or the filters, or take a list as a file (Accept: application/x-ndjson).`,
  },
  unavailable: { kind: 'unavailable', advice: 'Try again; /readyz says which part is missing.' },
  cancelled: { kind: 'client-gone', advice: '' },
  failed: { kind: 'internal', advice: 'This is a mistake of the API: please report it.' },
}

/** What a failure is to whoever called; the only place where that is decided. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof QueryFailure) {
    const { kind, advice } = problemOfQuery[error.kind]
    return new Problem(kind, `${sentence(error.message)} ${advice}`.trim(), { cause: error })
  }
  if (isNatsError(error)) {
    return new Problem('unavailable', `NATS does not answer (${error.message}). /readyz says more.`, {
      cause: error,
    })
  }
  if (error instanceof HTTPException && error.status < 500) {
    return new BadParameters([badBody[error.status] ?? { parameter: 'body', message: error.message }])
  }
  return new Problem('internal', 'This is a mistake of the API; its log says more.', { cause: error })
}

/** What the validation of a JSON body says by a status of its own, before it has looked into it. */
const badBody: Readonly<Record<number, ParameterError>> = {
  400: { parameter: 'body', message: 'must be JSON, and whole' },
  415: { parameter: 'Content-Type', message: 'must be application/json' },
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** The client's errors are known by name: its library stays behind the platform. */
function isNatsError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'NatsError'
}
