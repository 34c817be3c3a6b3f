import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http'

/** One request to a server. */
export interface Ask {
  sql: string
  /** Settings, `session_id` and the like. */
  parameters?: Readonly<Record<string, string>>
  /** Data of an INSERT; the statement then stands in the address. */
  data?: Buffer
  /** Leaves the exchange in the middle; gets the request before anything is sent. */
  leave?: (request: ClientRequest) => void
  /** Reads the reply in its own way; what it returns is the text of the answer. */
  read?: (reply: IncomingMessage) => Promise<string>
}

/** What came back. */
export interface Answer {
  status: number
  text: string
  /** ClickHouse's error code, from the header or the text, also at the end of a reply that broke off. */
  code: number | undefined
}

/** A request that was not answered by its deadline, or not as HTTP wants it. */
export class ExchangeError extends Error {}

/** Every request is answered within this time, or it counts as stuck, in milliseconds. */
export const deadlineMs = 60_000

/** A connection to the server, kept from one request to the next as clients do it. */
export interface Exchange {
  /** @throws {ExchangeError} when the request is stuck or the connection breaks. */
  ask(question: Ask): Promise<Answer>
  ping(): Promise<Answer>
  close(): void
}

/** Opens an exchange; nothing is sent before the first request. */
export function openExchange(url: string): Exchange {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const send = async (
    path: string,
    method: string,
    body: Buffer,
    question: Partial<Ask>,
  ): Promise<Answer> => {
    const fault = (why: string): ExchangeError =>
      new ExchangeError(`${question.sql?.slice(0, 80) ?? path}: ${why}`)
    const sent = request(`${url}${path}`, { method, agent })
    const late = new Promise<never>((_, reject) => {
      const timer = setTimeout(() => {
        reject(fault(`stuck, there was no answer within ${deadlineMs / 1000} s`))
        sent.destroy()
      }, deadlineMs)
      sent.once('close', () => clearTimeout(timer))
    })
    const replied = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve)
      sent.on('error', (error) => reject(fault(error.message)))
      sent.once('close', () => reject(fault('the connection ended before the answer')))
    })
    question.leave?.(sent)
    sent.end(body)
    const answered = replied.then(async (reply) => {
      const text = await (question.read ?? collect)(reply).catch((error: Error) => {
        throw fault(`the reply broke off: ${error.message}`)
      })
      return answerOf(reply, text)
    })
    return await Promise.race([answered, late])
  }
  return {
    ask: async (question) => {
      const { sql, parameters = {}, data } = question
      const query = new URLSearchParams(data === undefined ? parameters : { query: sql, ...parameters })
      return await send(`/?${query.toString()}`, 'POST', data ?? Buffer.from(sql), question)
    },
    ping: async () => await send('/ping', 'GET', Buffer.alloc(0), {}),
    close: () => agent.destroy(),
  }
}

async function collect(reply: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of reply.setEncoding('utf8')) text += String(part)
  return text
}

function answerOf(reply: IncomingMessage, text: string): Answer {
  const found = reply.headers['x-clickhouse-exception-code'] ?? /Code: (\d+)\. DB::Exception/.exec(text)?.[1]
  const code = found === undefined ? undefined : Number(found)
  return { status: reply.statusCode ?? 0, text, code }
}
