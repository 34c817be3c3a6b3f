import type { Transform } from 'node:stream'

/**
 * Decompresses with one of Node's own decoders; what follows the end of a stream is read as another one, so that
 * nothing is dropped in silence, which the decoders do.
 *
 * @throws when the data is damaged or cut short.
 */
export async function* decompressMembers(
  decoder: () => Transform & { readonly bytesWritten: number },
  source: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]()
  // Clients send nothing at all for an INSERT of no rows, compressed or not.
  let rest = await next(chunks)
  while (rest !== undefined) {
    const member = decoder()
    const fed = feed(member, rest, chunks)
    // A failure reaches the loop through the decoder, which it destroys.
    fed.catch((error: unknown) => member.destroy(error instanceof Error ? error : new Error(String(error))))
    try {
      for await (const data of member) yield data as Buffer
    } finally {
      member.destroy()
    }
    rest = await fed
  }
}

/** Gives a decoder chunks until it does not take one whole; what it leaves belongs to the next. */
async function feed(
  decoder: Transform & { readonly bytesWritten: number },
  first: Buffer,
  chunks: AsyncIterator<Buffer>,
): Promise<Buffer | undefined> {
  let given = 0
  for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await next(chunks)) {
    given += chunk.length
    await write(decoder, chunk)
    const left = given - decoder.bytesWritten
    if (left > 0) return chunk.subarray(chunk.length - left)
  }
  decoder.end()
  return undefined
}

async function next(chunks: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  for (;;) {
    const result = await chunks.next()
    if (result.done === true) return undefined
    if (result.value.length > 0) return result.value
  }
}

function write(decoder: Transform, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    decoder.once('close', resolve)
    decoder.write(chunk, (error) => {
      decoder.off('close', resolve)
      if (error) reject(error)
      else resolve()
    })
  })
}
