import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** A parameter that can't be used, and why. */
export interface ParameterError {
  parameter: string
  message: string
}

/** Every kind of failure that the API knows, with its status. */
const problemKinds = {
  'bad-parameters': { status: 400, title: 'Bad parameters' },
  'too-many-rows': { status: 400, title: 'Too many rows' },
  'too-many-bytes': { status: 400, title: 'Too many bytes' },
  unauthorized: { status: 401, title: 'No API key' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  'not-acceptable': { status: 406, title: 'No such format' },
  'keys-full': { status: 409, title: 'Too many keys' },
  'mutes-full': { status: 409, title: 'Too many mutes' },
  'too-large': { status: 413, title: 'Too large' },
  'body-too-large': { status: 413, title: 'Body too large' },
  'address-too-long': { status: 414, title: 'Address too long' },
  'bad-content-type': { status: 415, title: 'Content type not supported' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  // Nobody reads it; it stands in our log, under the number that nginx has for it.
  'client-gone': { status: 499, title: 'The client has gone' },
  internal: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'A part does not answer' },
  'memory-limit': { status: 503, title: 'The query took too much memory' },
  'not-ready': { status: 503, title: 'Not ready' },
  'time-limit': { status: 504, title: 'The query took too long' },
} as const

/** A kind of failure. */
export type ProblemKind = keyof typeof problemKinds

/** What the API says when it can't answer, in the words of RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string().openapi({
      description: `\`urn:pulsehouse:problem:\` and one of ${Object.keys(problemKinds).join(', ')}.`,
      example: 'urn:pulsehouse:problem:bad-parameters',
    }),
    title: z.string().openapi({ example: 'Bad parameters' }),
    status: z.int().openapi({ example: 400 }),
    detail: z.string().openapi({ example: 'level takes only DEBUG, INFO, WARN, ERROR' }),
    errors: z
      .array(z.object({ parameter: z.string(), message: z.string() }))
      .optional()
      .openapi({
        description: 'Which parameters are bad, and why.',
        example: [{ parameter: 'level', message: 'takes only DEBUG, INFO, WARN, ERROR' }],
      }),
  })
  .openapi('Problem')

/** What a problem may carry beside its sentence. */
interface ProblemOptions extends ErrorOptions {
  extra?: Record<string, unknown>
  headers?: Record<string, string>
}

/** A failure with words for whoever called. */
export class Problem extends Error {
  readonly kind: ProblemKind
  /** Members beside the ones of the RFC. */
  readonly extra: Record<string, unknown>
  readonly headers: Readonly<Record<string, string>>

  constructor(kind: ProblemKind, detail: string, options: ProblemOptions = {}) {
    super(detail, options)
    this.kind = kind
    this.extra = options.extra ?? {}
    this.headers = options.headers ?? {}
  }
}

/** Parameters that can't be used: all of them at once. */
export class BadParameters extends Problem {
  constructor(errors: readonly ParameterError[]) {
    const detail = errors.map(({ parameter, message }) => `${parameter}: ${message}`).join('; ')
    super('bad-parameters', detail, { extra: { errors } })
  }
}

/** Writes a problem as the response. */
export function respondWithProblem(context: Context, problem: Problem): Response {
  const { status, title } = problemKinds[problem.kind]
  const type = `urn:pulsehouse:problem:${problem.kind}`
  const body = { type, title, status, detail: problem.message, ...problem.extra }
  return context.body(JSON.stringify(body), status as ContentfulStatusCode, {
    'Content-Type': 'application/problem+json',
    ...problem.headers,
  })
}

/** What the zod issues of a query string say: the first one of every parameter. */
export function badParametersOf(error: z.ZodError): BadParameters {
  const messages = new Map<string, string>()
  for (const issue of error.issues) {
    const unknown = issue.code === 'unrecognized_keys'
    const message = unknown ? 'is no parameter of this address; /docs lists them' : issue.message
    for (const parameter of unknown ? issue.keys : [String(issue.path[0] ?? 'body')]) {
      if (!messages.has(parameter)) messages.set(parameter, message)
    }
  }
  return new BadParameters([...messages].map(([parameter, message]) => ({ parameter, message })))
}

/** The problem responses of a route, for the OpenAPI document. */
export function problemResponses(...kinds: ProblemKind[]) {
  return responsesOf(kinds, problemSchema)
}

/** The same for a document that is made already and has the problem's schema. */
export function problemReference(...kinds: ProblemKind[]) {
  return responsesOf(kinds, { $ref: '#/components/schemas/Problem' })
}

function responsesOf<Schema>(kinds: readonly ProblemKind[], schema: Schema) {
  const content = { 'application/problem+json': { schema } }
  const titles = new Map<number, string[]>()
  for (const kind of kinds) {
    const { status, title } = problemKinds[kind]
    titles.set(status, [...(titles.get(status) ?? []), title])
  }
  return Object.fromEntries(
    [...titles].map(([status, texts]) => [status, { description: texts.join(', or '), content }]),
  )
}
