import { Zstd } from '@hpcc-js/wasm-zstd'

/** One stream of the library, in either direction. */
interface LibraryStream {
  setCompressionLevel(level: number): void
  /** Consumes the input whole; the output must have room for everything. Returns its bytes, or an error. */
  compressChunk(output: number, outputBytes: number, input: number, inputBytes: number): number
  compressEnd(output: number, outputBytes: number): number
  /** The same, but it keeps its errors to itself: nothing comes out. */
  decompressChunk(output: number, outputBytes: number, input: number, inputBytes: number): number
  /** Gives its memory back; nothing else does. */
  delete(): void
}

interface StreamClass {
  new (): LibraryStream
  malloc(bytes: number): number
  isError(result: number): number
  getErrorName(result: number): string
}

/** What the package has below its class, which knows one stream at a time and was 60 times slower (measured). */
interface Internals {
  _mainModule: { _module: { HEAPU8: Uint8Array } }
  _zstdClass: StreamClass
}

/** Input of one call; a compressed block of zstd has at most 128 KiB. */
export const inputBytesMax = 128 * 1024 + 64
/** Output of one call: a block, or what compressing one can grow to. */
const outputBytesMax = 256 * 1024

/** Opens a stream; call `close` in any case. The library takes 20 ms to load, once. */
export async function openZstdStream(): Promise<ZstdStream> {
  library ??= load()
  return new ZstdStream(await library)
}

/** A zstd stream in WebAssembly. It computes on the thread that calls, below 1 ms a call. */
export class ZstdStream {
  readonly #stream: LibraryStream

  constructor(private readonly library: Library) {
    this.#stream = new library.Stream()
    this.#stream.setCompressionLevel(level)
  }

  /** Compresses at most 128 KiB. */
  compress(input: Uint8Array): Buffer {
    return this.#call(input, (...places) => this.#stream.compressChunk(...places))
  }

  /** What is left to be written at the end. */
  compressEnd(): Buffer {
    return this.#call(new Uint8Array(), (output, bytes) => this.#stream.compressEnd(output, bytes))
  }

  /**
   * Decompresses one whole block that is not empty, with the header before it, or the end of the frame behind it.
   *
   * @throws when the data is damaged.
   */
  decompress(block: Uint8Array): Buffer {
    const data = this.#call(block, (...places) => this.#stream.decompressChunk(...places))
    if (data.length === 0) throw new Error('the data is damaged')
    return data
  }

  close(): void {
    this.#stream.delete()
  }

  #call(
    data: Uint8Array,
    run: (output: number, outputBytes: number, input: number, inputBytes: number) => number,
  ): Buffer {
    const { Stream, module, input, output } = this.library
    module.HEAPU8.set(data, input)
    const bytes = run(output, outputBytesMax, input, data.length)
    if (Stream.isError(bytes) !== 0) throw new Error(Stream.getErrorName(bytes))
    // A copy: the next call of any stream writes to the same place, and the memory itself moves as it grows.
    return Buffer.from(module.HEAPU8.subarray(output, output + bytes))
  }
}

/** The fastest level: a reply is read at once and thrown away. */
const level = 1

interface Library {
  Stream: StreamClass
  module: { HEAPU8: Uint8Array }
  input: number
  output: number
}

let library: Promise<Library> | undefined

async function load(): Promise<Library> {
  const { _mainModule, _zstdClass: Stream } = (await Zstd.load()) as unknown as Internals
  return {
    Stream,
    module: _mainModule._module,
    input: Stream.malloc(inputBytesMax),
    output: Stream.malloc(outputBytesMax),
  }
}
