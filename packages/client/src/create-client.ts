import createFetchClient, { type Client } from 'openapi-fetch'
import type { paths } from './schema.js'
import { writeQuery } from './write-query.js'

/** What the client reads of what an address may answer: lists can be had in other formats too. */
type Json = 'application/json' | 'application/problem+json'

/** Where the API is, and whose requests these are. */
export interface ClientOptions {
  /** Address of the API, as `http://127.0.0.1:8080`. */
  url: string
  /** An API key: `ph_…`. */
  key: string
  /** What sends requests, where it is not the platform's own `fetch`. */
  fetch?: (request: Request) => Promise<Response>
}

/**
 * A client that knows every path, parameter and answer of the API. Its methods resolve with `data` or with `error`, a
 * problem of RFC 9457; `answerOf` turns the second into an exception.
 */
export type PulsehouseClient = Client<paths, Json>

/** Opens a client; nothing is sent before the first request. */
export function createClient({ url, key, fetch }: ClientOptions): PulsehouseClient {
  return createFetchClient<paths, Json>({
    baseUrl: url,
    headers: { Authorization: `Bearer ${key}` },
    querySerializer: writeQuery,
    ...(fetch === undefined ? {} : { fetch }),
  })
}
