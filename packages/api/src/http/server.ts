import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import type { Api } from '../api.js'

/** An API that listens. */
export interface ApiServer {
  /** Where it listens; the port is the real one where 0 was asked for. */
  url: string
  /** Takes no new requests, answers those under way, and cuts off what takes longer than the deadline. */
  close(): Promise<void>
}

/** Requests under way have this long to be answered when the API stops, milliseconds. */
const closeDeadlineMs = 4_000
/** A client has this long to send its request, milliseconds. */
const requestTimeoutMs = 10_000

/**
 * Lets an API listen.
 *
 * @throws when the port is taken; the message names the option that chooses another.
 */
export async function listen(app: Api, options: { port: number; host: string }): Promise<ApiServer> {
  const { port, host } = options
  const answer = getRequestListener(app.fetch)
  const underWay = new Set<ServerResponse>()
  const server = createServer({ requestTimeout: requestTimeoutMs }, (incoming, outgoing) => {
    underWay.add(outgoing)
    outgoing.once('close', () => underWay.delete(outgoing))
    void answer(incoming, outgoing)
  })
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new Error(explain(cause, port, host), { cause })
  }
  const address = server.address()
  const realPort = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${realPort}`,
    close: async () => await closeServer(server, underWay),
  }
}

function explain(error: unknown, port: number, host: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is taken; choose another one with --api-port.`
  if (code === 'EACCES')
    return `Port ${port} on ${host} may not be opened; choose another one with --api-port.`
  return `The API can't listen on ${host}; name an address of this machine with --host.`
}

/** A connection that never carried a request is not idle to Node, and would hold up the end: all are closed at last. */
async function closeServer(server: Server, underWay: ReadonlySet<ServerResponse>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  const answered = Promise.all([...underWay].map((response) => once(response, 'close')))
  await Promise.race([answered, delay(closeDeadlineMs, undefined, { ref: false })])
  server.closeAllConnections()
  await closed
}
