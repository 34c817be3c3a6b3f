import type { IncomingMessage } from 'node:http'
import { pipeline, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { exception } from './errors.js'
import { limits } from '../limits.js'
import { readHead, type InsertHead } from '../sql/statement.js'

/** What a request asks to be run. */
export type Statement =
  | { kind: 'plain'; sql: string }
  | {
      kind: 'insert'
      head: InsertHead
      data: AsyncIterable<Buffer>
    }

/**
 * Reads the `query` parameter and the body as the one text that they are, up to where the data of an INSERT
 * begins.
 *
 * @throws {ClickhouseError} for a body that is cut short, too long, or compressed in an unknown way.
 */
export async function readStatement(queryText: string, request: IncomingMessage): Promise<Statement> {
  const body = bodyOf(request)[Symbol.asyncIterator]()
  let text: Buffer = Buffer.from(queryText === '' ? '' : `${queryText}\n`)
  let whole = false
  for (;;) {
    const verdict = readHead(text.toString('latin1'), whole)
    if (verdict === 'statement without data') break
    if (verdict !== 'undecided')
      return {
        kind: 'insert',
        head: decoded(verdict),
        data: joined(text.subarray(verdict.dataStart), body),
      }
    if (text.length > limits.insertHeadBytesMax)
      throw exception(62, 'SYNTAX_ERROR', 'Syntax error: an INSERT without FORMAT, VALUES or SELECT')
    const next = await body.next()
    if (next.done === true) whole = true
    else text = Buffer.concat([text, next.value])
  }
  return { kind: 'plain', sql: await restOf(text, body) }
}

async function restOf(start: Buffer, body: AsyncIterator<Buffer>): Promise<string> {
  const pieces = [start]
  let bytes = start.length
  for (let next = await body.next(); next.done !== true; next = await body.next()) {
    bytes += next.value.length
    pieces.push(next.value)
    if (bytes > limits.statementBytesMax)
      throw exception(229, 'QUERY_IS_TOO_LARGE', `A statement may have ${limits.statementBytesMax} bytes`)
  }
  return Buffer.concat(pieces).toString()
}

async function* joined(start: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

/** The body without its compression; an iteration fails when the client does not send it to its end. */
async function* bodyOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  const decoder = decoderOf(request.headers['content-encoding'])
  const source = decoder === undefined ? request : pipeline(request, decoder, () => {})
  try {
    for await (const chunk of source) yield chunk as Buffer
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw request.complete
      ? exception(354, 'ZLIB_INFLATE_FAILED', `The body can't be decompressed: ${why}`, 400)
      : exception(210, 'NETWORK_ERROR', `The body ended too early: ${why}`, 400)
  }
}

function decoderOf(encoding: string | undefined): Transform | undefined {
  switch (encoding) {
    case undefined:
    case '':
    case 'identity':
      return undefined
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      // Not lz4 and zstd: the engine could undo them, but it takes a stream that is cut short for a whole one.
      throw exception(
        89,
        'UNKNOWN_COMPRESSION_METHOD',
        `Unknown compression method: ${encoding}; this server knows gzip, deflate and br`,
        415,
      )
  }
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString()
}

function decoded(head: InsertHead): InsertHead {
  return { ...head, into: utf8(head.into), settings: utf8(head.settings), format: utf8(head.format) }
}
