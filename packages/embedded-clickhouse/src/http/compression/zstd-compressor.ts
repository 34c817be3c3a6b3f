import { Transform, type TransformCallback } from 'node:stream'
import { callbackify } from 'node:util'
import { Breath } from './breath.js'
import { openZstdStream, type ZstdStream } from './zstd-library.js'

/** Compresses into one zstd frame. */
export class ZstdCompressor extends Transform {
  #stream: ZstdStream | undefined
  readonly #breath = new Breath()

  override _construct(callback: (error?: Error | null) => void): void {
    callbackify(async () => {
      this.#stream = await openZstdStream()
    })(callback)
  }

  override _transform(chunk: Buffer, _: BufferEncoding, callback: TransformCallback): void {
    callbackify(() => this.#compress(chunk))(callback)
  }

  override _flush(callback: TransformCallback): void {
    callback(null, this.#stream?.compressEnd())
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#stream?.close()
    this.#stream = undefined
    callback(error)
  }

  async #compress(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length; at += sliceBytes) {
      await this.#breath.take()
      // The client may have gone meanwhile, and the stream with it.
      if (this.#stream === undefined) return
      this.push(this.#stream.compress(chunk.subarray(at, at + sliceBytes)))
    }
  }
}

/** What is compressed at a stretch. */
const sliceBytes = 128 * 1024
