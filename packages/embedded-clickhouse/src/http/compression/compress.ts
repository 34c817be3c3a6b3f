import type { Transform } from 'node:stream'
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib'
import type { Encoding } from './encoding.js'
import { Lz4Compressor } from './lz4-compressor.js'
import { ZstdCompressor } from './zstd-compressor.js'

/**
 * Makes a stream that compresses a reply, at a fast level: it is read at once and thrown away. Destroy it if it
 * is not written to its end.
 */
export function createCompressor(encoding: Encoding): Transform {
  switch (encoding) {
    case 'gzip':
      return createGzip({ level: 3 })
    case 'deflate':
      return createDeflate({ level: 3 })
    case 'br':
      return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })
    case 'zstd':
      return new ZstdCompressor()
    case 'lz4':
      return new Lz4Compressor()
  }
}
