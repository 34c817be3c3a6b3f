import type { IncomingMessage } from 'node:http'
import { isUtf8 } from 'node:buffer'
import { Readable } from 'node:stream'
import { decompress } from './compression/decompress.js'
import { encodingOfBody } from './compression/encoding.js'
import { exception } from './errors.js'
import { limits } from '../limits.js'
import { readHead, type InsertHead } from '../sql/statement.js'

/** Latin-1 stands for any bytes, a character a byte. */
export type TextEncoding = 'utf8' | 'latin1'

/** What a request asks to be run. */
export type Statement =
  | {
      kind: 'plain'
      sql: string
      /** How the text stands for the bytes that were sent. */
      encoding: TextEncoding
    }
  | {
      kind: 'insert'
      head: InsertHead
      data: AsyncIterable<Buffer>
      /** Frees what reading the data holds, read or not; to be called in any case. */
      leave: () => Promise<void>
    }

/**
 * Reads the `query` parameter and the body as the one text that they are, up to where the data of an INSERT
 * begins.
 *
 * @throws {ClickhouseError} for a body that is cut short, too long, or compressed in an unknown way.
 */
export async function readStatement(queryText: string, request: IncomingMessage): Promise<Statement> {
  return await statementOf(queryText === '' ? '' : `${queryText}\n`, bodyOf(request))
}

/** The same for a text and what follows it, if anything. */
export async function statementOf(
  text: string,
  source: AsyncIterable<Buffer> = Readable.from([]),
): Promise<Statement> {
  const body = source[Symbol.asyncIterator]()
  try {
    const { head, start } = await readStart(Buffer.from(text), body)
    if (head === undefined) return { kind: 'plain', ...textOf(await restOf(start, body)) }
    const data = joined(start.subarray(head.dataStart), body)
    return { kind: 'insert', head: decoded(head), data, leave: async () => void (await body.return?.()) }
  } catch (error) {
    await body.return?.()
    throw error
  }
}

/** The body without its compression; an iteration fails when the client does not send it to its end. */
export function bodyOf(request: IncomingMessage): AsyncIterable<Buffer> {
  const { 'content-encoding': contentEncoding, 'transfer-encoding': transferEncoding } = request.headers
  if (transferEncoding !== undefined && !/^\s*chunked\s*$/i.test(transferEncoding))
    throw exception(
      48,
      'NOT_IMPLEMENTED',
      `Transfer-Encoding ${transferEncoding} is not supported; use Content-Encoding`,
    )
  const encoding = encodingOfBody(contentEncoding)
  const bytes = received(request)
  return encoding === undefined ? bytes : decompress(encoding, bytes)
}

async function* received(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    const length = Number(request.headers['content-length'])
    if (length <= limits.shortBodyBytes) yield await receivedWhole(request)
    // Who leaves the loop has an error to send: the connection must stay.
    else for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Buffer
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw exception(210, 'NETWORK_ERROR', `The body ended too early: ${why}`, 400)
  }
}

/** A short body, without what it takes to read a long one at leisure. */
function receivedWhole(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  return new Promise((resolve, reject) => {
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.once('end', () =>
      resolve(pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)),
    )
    request.once('error', reject)
    request.once('close', () => reject(new Error('aborted')))
  })
}

async function readStart(
  text: Buffer,
  body: AsyncIterator<Buffer>,
): Promise<{ start: Buffer; head: InsertHead | undefined }> {
  for (let start = text, whole = false; ;) {
    const verdict = readHead(start.toString('latin1'), whole)
    if (verdict === 'statement without data') return { start, head: undefined }
    if (verdict !== 'undecided') return { start, head: verdict }
    if (start.length > limits.insertHeadBytesMax)
      throw exception(
        62,
        'SYNTAX_ERROR',
        `Syntax error: the first ${limits.insertHeadBytesMax} bytes are no statement, or an INSERT without FORMAT, VALUES or SELECT`,
      )
    ;({ start, whole } = await grow(start, body))
  }
}

/** Reads as much again as there is: a text that comes byte by byte must not be looked through for every byte. */
async function grow(text: Buffer, body: AsyncIterator<Buffer>): Promise<{ start: Buffer; whole: boolean }> {
  const pieces = [text]
  let whole = false
  for (let added = 0; added === 0 || added < text.length;) {
    const next = await body.next()
    if (next.done === true) {
      whole = true
      break
    }
    pieces.push(next.value)
    added += next.value.length
  }
  return { start: Buffer.concat(pieces), whole }
}

async function restOf(start: Buffer, body: AsyncIterator<Buffer>): Promise<Buffer> {
  const pieces = [start]
  let bytes = start.length
  for (;;) {
    if (bytes > limits.statementBytesMax)
      throw exception(229, 'QUERY_IS_TOO_LARGE', `A statement may have ${limits.statementBytesMax} bytes`)
    const next = await body.next()
    if (next.done === true) return Buffer.concat(pieces)
    bytes += next.value.length
    pieces.push(next.value)
  }
}

/** Bytes that are no UTF-8, as in a literal that holds a file, reach the engine as they are. */
function textOf(bytes: Buffer): { sql: string; encoding: TextEncoding } {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  return { sql: bytes.toString(encoding), encoding }
}

async function* joined(start: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString()
}

function decoded(head: InsertHead): InsertHead {
  return { ...head, into: utf8(head.into), settings: utf8(head.settings), format: utf8(head.format) }
}
