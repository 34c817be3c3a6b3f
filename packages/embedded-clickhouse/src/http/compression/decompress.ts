import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { ClickhouseError, exception } from '../errors.js'
import type { Encoding } from './encoding.js'
import { decompressLz4 } from './lz4-frames.js'
import { decompressMembers } from './zlib-members.js'
import { decompressZstd } from './zstd-frames.js'

/**
 * Undoes the compression of a body, at the pace of who reads it: no more than some blocks are in memory.
 *
 * @throws {ClickhouseError} the server's own exception of the compression for data that is damaged or cut short;
 * what reading the source throws comes through.
 */
export async function* decompress(encoding: Encoding, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* decoderOf(encoding, source)
  } catch (error) {
    if (error instanceof ClickhouseError) throw error
    const [code, name] = failures[encoding]
    const why = error instanceof Error ? error.message : String(error)
    throw exception(code, name, `The body can't be decompressed as ${encoding}: ${why}`, 400)
  }
}

function decoderOf(encoding: Encoding, source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  switch (encoding) {
    case 'gzip':
      return decompressMembers(() => createGunzip({ chunkSize }), source)
    case 'deflate':
      return decompressMembers(() => createInflate({ chunkSize }), source)
    case 'br':
      return decompressMembers(() => createBrotliDecompress({ chunkSize }), source)
    case 'zstd':
      return decompressZstd(source)
    case 'lz4':
      return decompressLz4(source)
  }
}

/** How much a decoder of Node's gives at once, in bytes. */
const chunkSize = 64 * 1024

const failures: Readonly<Record<Encoding, readonly [code: number, name: string]>> = {
  gzip: [354, 'ZLIB_INFLATE_FAILED'],
  deflate: [354, 'ZLIB_INFLATE_FAILED'],
  br: [448, 'BROTLI_READ_FAILED'],
  zstd: [561, 'ZSTD_DECODER_FAILED'],
  lz4: [618, 'LZ4_DECODER_FAILED'],
}
