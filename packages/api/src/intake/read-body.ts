import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { BadParameters, Problem } from '../http/problem.js'

/**
 * Reads a body, unpacking gzip. Never more than the limit is held or unpacked: what is larger is refused while it is
 * being read.
 *
 * @throws {Problem} body-too-large, bad-content-type for another encoding, bad-parameters for broken gzip.
 */
export async function readBody(request: Request, bytesMax: number): Promise<Buffer> {
  const encoding = request.headers.get('Content-Encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new Problem('bad-content-type', `The body's encoding is ${encoding}; send it as it is or as gzip.`)
  }
  if (Number(request.headers.get('Content-Length')) > bytesMax) throw tooLarge(bytesMax)
  if (request.body === null) return Buffer.alloc(0)
  const sent = Readable.from(within(Readable.fromWeb(request.body), bytesMax))
  if (encoding === 'identity') return Buffer.concat(await sent.toArray())
  return await unpack(sent, bytesMax)
}

async function unpack(sent: Readable, bytesMax: number): Promise<Buffer> {
  const unpacked = createGunzip()
  sent.once('error', (error) => unpacked.destroy(error))
  sent.pipe(unpacked)
  try {
    const parts: Buffer[] = []
    for await (const part of within(unpacked, bytesMax)) parts.push(part)
    return Buffer.concat(parts)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error
    throw new BadParameters([{ parameter: 'body', message: 'must be gzip, and whole' }])
  } finally {
    sent.destroy()
    unpacked.destroy()
  }
}

async function* within(source: AsyncIterable<Buffer>, bytesMax: number): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const part of source) {
    bytes += part.length
    if (bytes > bytesMax) throw tooLarge(bytesMax)
    yield part
  }
}

function tooLarge(bytesMax: number): Problem {
  return new Problem(
    'body-too-large',
    `A body may have ${bytesMax} bytes at the most, also when it is unpacked: send several smaller ones.`,
  )
}
