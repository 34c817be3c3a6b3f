import type { components } from './schema.js'

/** What the API says when it can't answer. */
export type Problem = components['schemas']['Problem']

/** The API could not answer; the message is its own sentence. */
export class ApiProblem extends Error {
  /** Status of the answer. */
  readonly status: number
  /** The whole problem; undefined where something else than the API has answered. */
  readonly problem: Problem | undefined

  constructor(status: number, problem: Problem | undefined) {
    super(problem?.detail ?? `The answer has the status ${status} and is no problem of the API.`)
    this.status = status
    this.problem = problem
  }
}

/** What a request of the client resolves with. */
interface Asked<Data> {
  data?: Data
  error?: unknown
  response: Response
}

/**
 * The data of an answer.
 *
 * @throws {ApiProblem} when the API answered with a problem. What the network throws is thrown on.
 */
export async function answerOf<Data>(asked: Promise<Asked<Data>>): Promise<Data> {
  const { data, error, response } = await asked
  if (response.ok && data !== undefined) return data
  throw new ApiProblem(response.status, isProblem(error) ? error : undefined)
}

/** Whether a body is a problem of RFC 9457. */
export function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'detail' in body && 'type' in body
}
