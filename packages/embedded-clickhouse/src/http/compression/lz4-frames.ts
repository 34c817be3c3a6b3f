import { uncompressSync } from 'lz4-napi'
import xxhash, { type XXHashAPI } from 'xxhash-wasm'
import { ByteReader } from './byte-reader.js'

/**
 * Decompresses lz4 frames, one behind the other, as clickhouse-connect sends them. The library undoes a block; its
 * own function for frames takes a whole frame and has no limit for what comes out.
 *
 * @throws when the data is damaged or cut short.
 */
export async function* decompressLz4(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  hashes ??= xxhash()
  const hash = await hashes
  const reader = new ByteReader(source)
  while (!(await reader.atEnd())) {
    const magic = (await reader.take(4)).readUInt32LE()
    if (magic >>> 4 === skippableMagic) await skip(reader)
    else if (magic === frameMagic) yield* frame(reader, hash)
    else throw new Error('this is no lz4 frame')
  }
}

let hashes: Promise<XXHashAPI> | undefined
const frameMagic = 0x184d2204
const skippableMagic = 0x184d2a5
const skipBytesMax = 64 * 1024

async function skip(reader: ByteReader): Promise<void> {
  let left = (await reader.take(4)).readUInt32LE()
  for (; left > 0; left -= Math.min(left, skipBytesMax)) await reader.take(Math.min(left, skipBytesMax))
}

async function* frame(reader: ByteReader, hash: XXHashAPI): AsyncGenerator<Buffer> {
  const header = await readHeader(reader, hash)
  const content = header.hasContentChecksum ? hash.create32() : undefined
  let dictionary: Buffer = Buffer.alloc(0)
  for (;;) {
    const block = await readBlock(reader, header, hash)
    if (block === undefined) break
    const data = block.isCompressed ? undo(block.bytes, header.blockBytesMax, dictionary) : block.bytes
    if (!header.hasIndependentBlocks) dictionary = lastOf(dictionary, data)
    content?.update(data)
    if (data.length > 0) yield data
  }
  if (content !== undefined && (await reader.take(4)).readUInt32LE() !== content.digest())
    throw new Error('the checksum of the content is wrong')
}

interface Header {
  blockBytesMax: number
  hasIndependentBlocks: boolean
  hasBlockChecksums: boolean
  hasContentChecksum: boolean
}

async function readHeader(reader: ByteReader, hash: XXHashAPI): Promise<Header> {
  const start = await reader.take(2)
  const flags = start.readUInt8(0)
  const sizes = start.readUInt8(1)
  if (flags >>> 6 !== 1) throw new Error('the version of the frame is unknown')
  if ((flags & 1) !== 0) throw new Error('it needs a dictionary')
  const contentBytes = await reader.take((flags & 8) === 0 ? 0 : 8)
  const checksum = (await reader.take(1)).readUInt8()
  if (((hash.h32Raw(Buffer.concat([start, contentBytes])) >>> 8) & 0xff) !== checksum)
    throw new Error('the checksum of the header is wrong')
  const blockBytesMax = [64, 256, 1024, 4096][((sizes >>> 4) & 7) - 4]
  if (blockBytesMax === undefined) throw new Error('the size of the blocks is unknown')
  return {
    blockBytesMax: blockBytesMax * 1024,
    hasIndependentBlocks: (flags & 0x20) !== 0,
    hasBlockChecksums: (flags & 0x10) !== 0,
    hasContentChecksum: (flags & 4) !== 0,
  }
}

async function readBlock(
  reader: ByteReader,
  header: Header,
  hash: XXHashAPI,
): Promise<{ bytes: Buffer; isCompressed: boolean } | undefined> {
  const size = (await reader.take(4)).readUInt32LE()
  if (size === 0) return undefined
  const length = size & 0x7fffffff
  if (length > header.blockBytesMax) throw new Error('a block is too long')
  const bytes = await reader.take(length)
  if (header.hasBlockChecksums && (await reader.take(4)).readUInt32LE() !== hash.h32Raw(bytes))
    throw new Error('the checksum of a block is wrong')
  return { bytes, isCompressed: size >>> 31 === 0 }
}

/**
 * The library wants the size before the block; less may come out, more may not. On this thread: 256 KiB take
 * 0.2 ms, and on Node's thread pool every thread keeps memory for blocks of its own, 1 GB altogether (measured).
 */
function undo(block: Buffer, bytesMax: number, dictionary: Buffer): Buffer {
  const sized = Buffer.allocUnsafe(4 + block.length)
  sized.writeUInt32LE(bytesMax)
  block.copy(sized, 4)
  const data = uncompressSync(sized, dictionary)
  // Behind the data is room for all that might have come; many small blocks would hold a lot of it.
  return data.length < bytesMax / 2 ? Buffer.from(data) : data
}

/** What a block may refer to: the last 64 KiB before it. */
function lastOf(before: Buffer, data: Buffer): Buffer {
  if (data.length >= dictionaryBytes) return data.subarray(-dictionaryBytes)
  return Buffer.concat([before, data]).subarray(-dictionaryBytes)
}

const dictionaryBytes = 64 * 1024
