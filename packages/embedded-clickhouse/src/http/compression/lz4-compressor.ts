import { Transform, type TransformCallback } from 'node:stream'
import { callbackify } from 'node:util'
import { compressSync } from 'lz4-napi'
import { Breath } from './breath.js'

/**
 * Compresses into one lz4 frame of independent blocks, 0.5 ms each. Not on Node's thread pool, where every thread keeps
 * memory for blocks of its own.
 */
export class Lz4Compressor extends Transform {
  #pieces: Buffer[] = []
  #bytes = 0
  #hasHeader = false
  readonly #breath = new Breath()

  override _transform(chunk: Buffer, _: BufferEncoding, callback: TransformCallback): void {
    this.#pieces.push(chunk)
    this.#bytes += chunk.length
    if (this.#bytes < blockBytes) callback()
    else callbackify(() => this.#writeBlocks(blockBytes))(callback)
  }

  override _flush(callback: TransformCallback): void {
    callbackify(async () => {
      await this.#writeBlocks(1)
      this.push(endMark)
    })(callback)
  }

  /** Writes what has come, as long as a block would have at least so many bytes. */
  async #writeBlocks(bytesMin: number): Promise<void> {
    if (!this.#hasHeader) this.push(frameHeader)
    this.#hasHeader = true
    let left = Buffer.concat(this.#pieces)
    for (; left.length >= bytesMin; left = left.subarray(blockBytes)) {
      await this.#breath.take()
      this.push(blockOf(left.subarray(0, blockBytes)))
    }
    this.#pieces = [left]
    this.#bytes = left.length
  }
}

function blockOf(data: Buffer): Buffer {
  // clickhouse-connect reads no more of a short reply, as of an error, than it has bytes when compressed.
  const compressed = data.length < plainBytesMax ? data : compressSync(data).subarray(sizeBytes)
  const isPlain = compressed.length >= data.length
  const head = Buffer.alloc(4)
  head.writeUInt32LE(isPlain ? (data.length | plainFlag) >>> 0 : compressed.length)
  return Buffer.concat([head, isPlain ? data : compressed])
}

/** The most that the frame's header allows. */
const blockBytes = 256 * 1024
/** Magic number, version 1 with independent blocks and no checksums, blocks of 256 KiB, checksum of these two. */
const frameHeader = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x50, 0xfb])
const endMark = Buffer.alloc(4)
const plainBytesMax = 2 * 1024
const plainFlag = 0x80000000
/** The library puts the size before the block. */
const sizeBytes = 4
