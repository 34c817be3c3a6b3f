import { Gate } from '../gate.js'
import { limits } from '../../limits.js'
import { ByteReader } from './byte-reader.js'
import { openZstdStream, type ZstdStream } from './zstd-library.js'

/**
 * Decompresses zstd frames, one behind the other, block by block (RFC 8878). The library would take a stream
 * that is cut short for a whole one and gives no hold on how much comes out of a chunk; a block is at most 128 KiB.
 *
 * @throws when the data is damaged or cut short, or a frame wants a larger window than the limit.
 */
export async function* decompressZstd(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source)
  const leave = await bodies.enter(new AbortController().signal)
  try {
    const stream = await openZstdStream()
    try {
      while (!(await reader.atEnd())) yield* frame(reader, stream)
    } finally {
      stream.close()
    }
  } finally {
    leave()
  }
}

/** Each has a window, and the library's memory never shrinks. */
const bodies = new Gate(limits.zstdBodiesMax, limits.waitingMax)

/** A block waits for the one behind it: the library says that data is damaged by giving none, so every call must have some to give. */
async function* frame(reader: ByteReader, stream: ZstdStream): AsyncGenerator<Buffer> {
  const magic = (await reader.take(4)).readUInt32LE()
  if (magic >>> 4 === skippableMagic) return await skip(reader)
  if (magic !== frameMagic) throw new Error('this is no zstd')
  const { bytes: header, hasChecksum } = await readHeader(reader)
  let waiting = { bytes: header, hasContent: false }
  for (let last = false; !last;) {
    const block = await readBlock(reader)
    last = block.last
    if (block.isEmpty && !last) continue
    if (waiting.hasContent && !block.isEmpty) {
      yield stream.decompress(waiting.bytes)
      waiting = { bytes: Buffer.alloc(0), hasContent: false }
    }
    const checksum = await reader.take(last && hasChecksum ? 4 : 0)
    waiting = {
      bytes: Buffer.concat([waiting.bytes, block.bytes, checksum]),
      hasContent: waiting.hasContent || !block.isEmpty,
    }
  }
  if (waiting.hasContent) yield stream.decompress(waiting.bytes)
}

const frameMagic = 0xfd2fb528
const magicBytes = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
const skippableMagic = 0x184d2a5

async function skip(reader: ByteReader): Promise<void> {
  let left = (await reader.take(4)).readUInt32LE()
  for (; left > 0; left -= Math.min(left, blockBytesMax)) await reader.take(Math.min(left, blockBytesMax))
}

async function readHeader(reader: ByteReader): Promise<{ bytes: Buffer; hasChecksum: boolean }> {
  const descriptor = await reader.take(1)
  const flags = descriptor.readUInt8()
  const isSingleSegment = (flags & 0x20) !== 0
  const window = await reader.take(isSingleSegment ? 0 : 1)
  const dictionary = await reader.take([0, 1, 2, 4][flags & 3] ?? 0)
  if (dictionary.some((byte) => byte !== 0)) throw new Error('it needs a dictionary')
  const size = await reader.take([isSingleSegment ? 1 : 0, 2, 4, 8][flags >>> 6] ?? 0)
  checkWindow(isSingleSegment ? sizeOf(size) : windowOf(window.readUInt8()))
  return {
    bytes: Buffer.concat([magicBytes, descriptor, window, dictionary, size]),
    hasChecksum: (flags & 4) !== 0,
  }
}

function sizeOf(size: Buffer): number {
  if (size.length === 8) return Number(size.readBigUInt64LE())
  return size.readUIntLE(0, size.length) + (size.length === 2 ? 256 : 0)
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3))
  return base + (base / 8) * (descriptor & 7)
}

function checkWindow(bytes: number): void {
  if (bytes > limits.zstdWindowBytesMax)
    throw new Error(
      `it needs a window of ${bytes} bytes and may have ${limits.zstdWindowBytesMax}; use a level below 20 and no --long`,
    )
}

const blockBytesMax = 128 * 1024

async function readBlock(reader: ByteReader): Promise<{ bytes: Buffer; last: boolean; isEmpty: boolean }> {
  const head = await reader.take(3)
  const fields = head.readUIntLE(0, 3)
  const isRunLength = ((fields >>> 1) & 3) === 1
  const bytes = fields >>> 3
  if (bytes > blockBytesMax) throw new Error('a block is too long')
  const data = await reader.take(isRunLength ? 1 : bytes)
  return { bytes: Buffer.concat([head, data]), last: (fields & 1) === 1, isEmpty: bytes === 0 }
}
