import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import { freePort } from '../../../../scripts/free-port.js'

/** What a webhook was sent. */
export interface Delivered {
  id: string
  headers: IncomingHttpHeaders
  text: string
  body: { alert_id: string; change: string; incident: { id: string } }
}

/** A real HTTP server on a port of its own. It takes messages with 204 unless the test answers otherwise. */
export interface WebhookServer {
  url: string
  /** What it took, in order: its answer was 204. */
  taken: Delivered[]
  /** All attempts that reached it. */
  seen: Delivered[]
  /** Answers in the test's way; returns false where it has not, and the message is taken. */
  answer: (message: Delivered, response: ServerResponse) => boolean
  up(): Promise<void>
  down(): Promise<void>
}

/** Makes a webhook that is down. */
export async function webhookServer(path = '/hook'): Promise<WebhookServer> {
  const port = await freePort()
  const webhook: WebhookServer = {
    url: `http://127.0.0.1:${port}${path}`,
    taken: [],
    seen: [],
    answer: () => false,
    up: async () => {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    down: async () => {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (part: string) => (text += part))
    request.on('end', () => {
      const body = JSON.parse(text) as Delivered['body']
      const message = { id: String(request.headers['idempotency-key']), headers: request.headers, text, body }
      webhook.seen.push(message)
      if (webhook.answer(message, response)) return
      webhook.taken.push(message)
      response.writeHead(204).end()
    })
  })
  onTestFinished(() => webhook.down())
  return webhook
}

/** Incident and change of each message, in order. */
export function toldBy(messages: readonly Delivered[]): string[] {
  return messages.map(({ body }) => `${body.incident.id} ${body.change}`)
}
