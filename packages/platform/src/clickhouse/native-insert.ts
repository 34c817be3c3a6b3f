import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { databaseName } from './client.js'

/** ClickHouse refused an insert, or its answer can't be trusted. */
export class InsertError extends Error {
  /** ClickHouse's error code; undefined where there was no answer of its own. */
  readonly code: number | undefined

  constructor(message: string, code?: number, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** What an insert needs of a block. */
export interface InsertableBlock {
  columnNames: readonly string[]
  rows: number
  encode(): Buffer<ArrayBuffer>
}

/** Inserts whole blocks under deduplication tokens. */
export interface BlockInserter {
  /**
   * Inserts a block into a table of our database; the same block under the same token, sent again, changes nothing:
   * not in the table and not in any view behind it.
   *
   * @throws {InsertError} whenever it is not certain that every row is stored.
   */
  insert(table: string, block: InsertableBlock, token: string): Promise<void>
  close(): void
}

/** An insert may take this long, in milliseconds, before its outcome counts as unknown. */
const insertTimeoutMs = 60_000
/** An answer longer than this is no answer to an insert, in bytes. */
const answerBytesMax = 256 * 1024

/**
 * What every insert says. Deduplication is on by token, for the table and for the views behind it, and an
 * acknowledged insert is on the disk, not in a buffer.
 */
export const insertSettings = {
  async_insert: '0',
  insert_deduplicate: '1',
  deduplicate_blocks_in_dependent_materialized_views: '1',
  // A block is one part: nothing may split it.
  max_insert_block_size: '10000000',
  min_insert_block_size_rows: '1000000000',
  min_insert_block_size_bytes: '0',
} as const

/**
 * Opens an inserter. It sends `Native` blocks whole, with their length, over plain HTTP, because the official client
 * has no binary insert.
 */
export function openBlockInserter(clickhouseUrl: string): BlockInserter {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const base = new URL(clickhouseUrl)
  const authorization = authorizationOf(base)
  return {
    close: () => agent.destroy(),
    insert: async (table, block, token) => {
      const columns = block.columnNames.map((name) => `\`${name}\``).join(', ')
      const url = new URL(base.pathname, base.origin)
      url.search = new URLSearchParams({
        query: `INSERT INTO ${databaseName}.${table} (${columns}) FORMAT Native`,
        insert_deduplication_token: token,
        ...insertSettings,
      }).toString()
      const answer = await post(url, block.encode(), agent, authorization)
      checkAnswer(answer, table, block.rows)
    },
  }
}

function authorizationOf(url: URL): Record<string, string> {
  if (url.username === '') return {}
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }
}

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  text: string
}

async function post(
  url: URL,
  body: Buffer,
  agent: Agent,
  authorization: Record<string, string>,
): Promise<Answer> {
  const secure = url.protocol === 'https:'
  const send = secure ? httpsRequest : httpRequest
  const signal = AbortSignal.timeout(insertTimeoutMs)
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Content-Length': body.length,
    ...authorization,
  }
  return await new Promise<Answer>((resolve, reject) => {
    const request = send(
      url,
      { method: 'POST', headers, signal, ...(secure ? {} : { agent }) },
      (response) => {
        collect(response).then(
          (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
          reject,
        )
      },
    )
    request.on('error', (cause) =>
      reject(new InsertError(`ClickHouse did not answer: ${cause.message}`, undefined, { cause })),
    )
    request.end(body)
  })
}

async function collect(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of response.setEncoding('utf8')) {
    text += String(part)
    if (text.length > answerBytesMax)
      throw new InsertError('ClickHouse answered an insert with too long a text')
  }
  return text
}

/** A status of 200 proves nothing: the exception may stand in a header, and the rows written may be fewer. */
function checkAnswer({ status, headers, text }: Answer, table: string, rows: number): void {
  const code = headers['x-clickhouse-exception-code']
  if (status !== 200 || code !== undefined) {
    const number = Number(code ?? /^Code: (\d+)/.exec(text)?.[1])
    throw new InsertError(
      `${table}: ${text.slice(0, 500) || `status ${status}`}`,
      Number.isNaN(number) ? undefined : number,
    )
  }
  const summary: unknown = JSON.parse(String(headers['x-clickhouse-summary'] ?? '{}'))
  const written = Number((summary as { written_rows?: string }).written_rows ?? Number.NaN)
  // A block that the token recognised writes no rows, and views count as written too; only a part is impossible.
  if (written > 0 && written < rows)
    throw new InsertError(`${table}: ${written} of ${rows} rows were written`)
}
