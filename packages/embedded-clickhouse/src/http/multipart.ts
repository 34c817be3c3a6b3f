import type { IncomingMessage } from 'node:http'
import { PassThrough, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy'
import { ClickhouseError, exception } from './errors.js'
import { limits } from '../limits.js'

/** A part of a form: a value, or a file whose data has to be read before the next part comes. */
export type Part =
  { kind: 'field'; name: string; value: string } | { kind: 'file'; name: string; data: AsyncIterable<Buffer> }

/** Whether a request carries a form of the sort that clients send long parameters in. */
export function isMultipart(request: IncomingMessage): boolean {
  return request.method === 'POST' && /^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')
}

/**
 * Reads a form part by part, at the pace of who reads it.
 *
 * @param body without its compression.
 * @throws {ClickhouseError} 27 for a form that can't be read or is cut short, 290 for one beyond a limit, and what
 * reading the body throws.
 */
export async function* readParts(
  request: IncomingMessage,
  body: AsyncIterable<Buffer>,
): AsyncGenerator<Part> {
  const parts = new PassThrough({ objectMode: true })
  const parser = parserOf(request, parts)
  // A failure reaches the loop through the parts.
  pipeline(counted(body), parser).then(
    () => parts.end(),
    (error: unknown) => parts.destroy(asRefusal(error)),
  )
  try {
    yield* parts as AsyncIterable<Part>
  } finally {
    parser.destroy()
  }
}

function parserOf(request: IncomingMessage, parts: PassThrough): BusboyInstance {
  const parser = makeParser(request)
  const fail = (error: Error): void => void parser.destroy(error)
  let bytes = 0
  parser.on('field', (name: string | undefined, value, _, isTruncated) => {
    bytes += Buffer.byteLength(value)
    if (isTruncated || bytes > limits.formFieldsBytesMax)
      fail(tooMuch('bytes of fields', limits.formFieldsBytesMax))
    else if (name === undefined) fail(refusal('a part has no name'))
    else parts.write({ kind: 'field', name, value } satisfies Part)
  })
  parser.on('file', (name: string | undefined, file) => {
    // The parser reports a cut on the file, which may not be read yet: it must not be forgotten, nor kill us.
    file.on('error', (error: Error) => file.destroy(asRefusal(error)))
    parts.write({ kind: 'file', name: name ?? '_data', data: chunksOf(file) } satisfies Part)
  })
  parser.on('partsLimit', () => fail(tooMuch('parts', limits.formPartsMax)))
  return parser
}

function makeParser(request: IncomingMessage): BusboyInstance {
  try {
    return new Busboy({
      headers: request.headers as BusboyHeaders,
      limits: {
        parts: limits.formPartsMax,
        fieldSize: limits.formFieldsBytesMax,
        headerPairs: limits.formHeadersMax,
        headerSize: limits.formHeaderBytesMax,
      },
      // As on the server, whatever the part's own type is.
      isPartAFile: (_name, _type, fileName) => fileName !== undefined,
    })
  } catch (error) {
    throw asRefusal(error)
  }
}

async function* chunksOf(file: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of file) yield chunk as Buffer
  } catch (error) {
    throw asRefusal(error)
  }
}

async function* counted(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > limits.insertBytesMax) throw tooMuch('bytes', limits.insertBytesMax)
    yield chunk
  }
}

function tooMuch(what: string, max: number): ClickhouseError {
  return exception(290, 'LIMIT_EXCEEDED', `A form may have ${max} ${what}`, 413)
}

function refusal(why: string): ClickhouseError {
  return exception(27, 'CANNOT_PARSE_INPUT_ASSERTION_FAILED', `The multipart form can't be read: ${why}`)
}

function asRefusal(error: unknown): ClickhouseError {
  if (error instanceof ClickhouseError) return error
  return refusal(error instanceof Error ? error.message : String(error))
}
