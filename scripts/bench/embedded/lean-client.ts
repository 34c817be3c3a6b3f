import { Agent, request, type IncomingMessage } from 'node:http'
import type { Timing } from './direct-engine-process.js'

/** A request: the statement is its body, or stands in the address where the body is data. */
export interface LeanRequest {
  sql: string
  parameters?: Readonly<Record<string, string>>
  data?: Buffer
}

/** An HTTP client that does as little as one can: it sends, counts what comes back, and keeps its connections. */
export interface LeanClient {
  /** Sends requests at once, so many times, one time after the other. @throws the server's own error. */
  run(requests: readonly LeanRequest[], times?: number): Promise<Timing>
  close(): void
}

/** Opens a client; it connects at the first request. */
export function openLeanClient(url: string): LeanClient {
  const agent = new Agent({ keepAlive: true })
  const send = async ({ sql, parameters = {}, data }: LeanRequest): Promise<number> => {
    const query = new URLSearchParams(data === undefined ? parameters : { query: sql, ...parameters })
    const body = data ?? Buffer.from(sql)
    const headers = { 'Content-Length': body.length }
    return await new Promise((resolve, reject) => {
      request(`${url}/?${query.toString()}`, { method: 'POST', agent, headers }, (reply) => {
        drain(reply).then(resolve, reject)
      })
        .on('error', reject)
        .end(body)
    })
  }
  return {
    run: async (requests, times = 1) => {
      const timing: Timing = { ms: [], bytes: 0 }
      for (let i = 0; i < times; i += 1) {
        const startMs = performance.now()
        const sizes = await Promise.all(requests.map(send))
        timing.ms.push(performance.now() - startMs)
        timing.bytes = sizes.reduce((sum, size) => sum + size, 0)
      }
      return timing
    },
    close: () => agent.destroy(),
  }
}

/** Reads a reply to its end. @returns its bytes. */
function drain(reply: IncomingMessage): Promise<number> {
  const failed = reply.statusCode !== 200 || reply.headers['x-clickhouse-exception-code'] !== undefined
  let bytes = 0
  let text = ''
  return new Promise((resolve, reject) => {
    reply.on('data', (part: Buffer) => {
      bytes += part.length
      if (failed) text = (text + part.toString()).slice(0, 500)
    })
    reply.once('error', reject)
    reply.once('end', () => {
      if (failed) reject(new Error(`The server answered ${reply.statusCode}: ${text}`))
      else resolve(bytes)
    })
  })
}
