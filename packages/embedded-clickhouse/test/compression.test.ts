import { gzipSync, deflateSync, brotliCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decompress } from '../src/http/compression/decompress.js'
import { createCompressor } from '../src/http/compression/compress.js'
import { encodingOfBody, encodingOfReply, type Encoding } from '../src/http/compression/encoding.js'

const encodings: readonly Encoding[] = ['gzip', 'deflate', 'br', 'zstd', 'lz4']

/** Log-like lines with parts that don't compress, from a seed. */
function lines(bytes: number, seed = 7): Buffer {
  let state = seed
  const next = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff)
  const out: string[] = []
  for (let length = 0; length < bytes; length += out.at(-1)?.length ?? 0)
    out.push(`{"path":"/product/${next() % 1000}","trace":"${next().toString(36)}${next().toString(36)}"}\n`)
  return Buffer.from(out.join('')).subarray(0, bytes)
}

async function squeeze(encoding: Encoding, pieces: readonly Buffer[]): Promise<Buffer> {
  const compressor = createCompressor(encoding)
  const written = (async () => {
    for (const piece of pieces) compressor.write(piece)
    compressor.end()
  })()
  const out: Buffer[] = []
  for await (const chunk of compressor) out.push(chunk as Buffer)
  await written
  return Buffer.concat(out)
}

async function* inPieces(bytes: Buffer, pieceBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

async function undo(encoding: Encoding, bytes: Buffer, pieceBytes = 1 << 16): Promise<Buffer> {
  const out: Buffer[] = []
  for await (const chunk of decompress(encoding, inPieces(bytes, pieceBytes))) out.push(chunk)
  return Buffer.concat(out)
}

const sizes = [1, 5_000, 65_536, 131_073, 1_500_000]

describe.each(encodings)('%s', (encoding) => {
  test.each(sizes)('gives back %i bytes, whatever the pieces', async (bytes) => {
    const data = lines(bytes)
    for (const pieceBytes of [1_000, 70_000, 10_000_000]) {
      const pieces: Buffer[] = []
      for await (const piece of inPieces(data, pieceBytes)) pieces.push(piece)
      const squeezed = await squeeze(encoding, pieces)
      expect(squeezed.length).toBeLessThan(bytes + 200)
      expect((await undo(encoding, squeezed, pieceBytes)).equals(data)).toBe(true)
    }
    expect((await undo(encoding, await squeeze(encoding, [data]), 7)).equals(data)).toBe(true)
  })

  test('takes several frames one behind the other, cut anywhere', async () => {
    const [a, b] = [lines(90_000), lines(150_000, 8)]
    const first = await squeeze(encoding, [a])
    const both = Buffer.concat([first, await squeeze(encoding, [b])])
    for (const pieceBytes of [first.length, first.length - 1, first.length + 1, 1 << 20, 501])
      expect((await undo(encoding, both, pieceBytes)).equals(Buffer.concat([a, b]))).toBe(true)
  })

  test('is refused when it is cut short, anywhere', async () => {
    const squeezed = await squeeze(encoding, [lines(300_000)])
    const step = Math.ceil(squeezed.length / 60)
    const cuts = [1, 2, 3, 4, 5, 6, 7, 8, squeezed.length - 1, squeezed.length - 4]
    for (let cut = 9; cut < squeezed.length; cut += step) cuts.push(cut)
    for (const cut of cuts)
      await expect(undo(encoding, squeezed.subarray(0, cut)), `cut at ${cut}`).rejects.toThrow(
        /^Code: (354|448|561|618)\. DB::Exception: The body can't be decompressed as /,
      )
  })

  test('is refused when something else follows or comes instead', async () => {
    const squeezed = await squeeze(encoding, [lines(10_000)])
    for (const bytes of [
      Buffer.concat([squeezed, Buffer.from('tail')]),
      Buffer.from('no compression at all'),
    ])
      await expect(undo(encoding, bytes)).rejects.toThrow(/^Code: \d+\. DB::Exception: The body can't/)
  })

  test('gives a bomb out block by block, and forgets it when nobody reads on', async () => {
    const bomb = await squeeze(
      encoding,
      Array.from({ length: 64 }, () => Buffer.alloc(1 << 20)),
    )
    const before = process.memoryUsage().rss
    let bytes = 0
    let largest = 0
    for await (const chunk of decompress(encoding, inPieces(bomb, 1 << 20))) {
      bytes += chunk.length
      largest = Math.max(largest, chunk.length)
      if (bytes > 32 << 20) break
    }
    expect(largest).toBeLessThanOrEqual(4 << 20)
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20)
  })

  test('with one bit turned is an error or other data, nothing worse', async () => {
    const data = lines(120_000)
    const squeezed = await squeeze(encoding, [data])
    for (let at = 0; at < squeezed.length; at += Math.ceil(squeezed.length / 50)) {
      const damaged = Buffer.from(squeezed)
      damaged[at] = (damaged[at] ?? 0) ^ 0x10
      const out = await undo(encoding, damaged).catch((error: unknown) => error)
      expect(out instanceof Error || Buffer.isBuffer(out)).toBe(true)
    }
  })
})

test('an empty body is empty in any compression', async () => {
  for (const encoding of encodings) {
    expect(await undo(encoding, await squeeze(encoding, []))).toHaveLength(0)
    expect(await undo(encoding, Buffer.alloc(0))).toHaveLength(0)
  }
})

test("Node's own streams of all levels are understood", async () => {
  const data = lines(500_000)
  expect((await undo('gzip', gzipSync(data, { level: 9 }))).equals(data)).toBe(true)
  expect((await undo('deflate', deflateSync(data, { level: 0 }))).equals(data)).toBe(true)
  expect((await undo('br', brotliCompressSync(data))).equals(data)).toBe(true)
})

/** What the tools of others have made of it. */
const text = Array.from({ length: 50 }, (_, i) => `line ${i} of the shop\n`)
  .join('')
  .repeat(200)
const made: readonly (readonly [by: string, encoding: Encoding, base64: string])[] = [
  // lz4.frame.compress(text, 9, block_linked=True, content_checksum=True, block_checksum=True, store_size=True)
  [
    'python-lz4, with linked blocks and all checksums',
    'lz4',
    'BCJNGFxAcAUDAAAAAABxBQIAAPEEbGluZSAwIG9mIHRoZSBzaG9wChMAHjETAB4yEwAeMxMAHjQTAB41EwAeNhMAHjcTAB44EwAfOasAAA+/AAEPwAAAHzHBAAAfMcIAAB8xwwAAHzHEAAAfMcUAAB8xxgAAHzHHAAAfMcgAAB8yyAAAHzKIAQEPyAAAHzLIAAAfMsgAAB8yyAAAHzLIAAAfMsgAAB8yyAAAHzLIAAAfM8gAAB8zyAAAHzNRAgEPyAAAHzPIAAAfM8gAAB8zyAAAHzPIAAAfM8gAAB8zyAAAHzTIAAAfNMgAAB80yAAAHzQaAwEPyAAAHzTIAAAfNMgAAB80yAAAHzTIAAAeNMgAD94D/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////wNQaW5lIDHdeq8SCgEAAA/eA//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////oUG9wCmxpWo0OjQoBAAAP3gP/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////6FBlIHNob40zfgsPAAAAD94D//////9dUHNob3AKMHboigAAAAD9wReb',
  ],
  // zstd -3 --check, from a pipe and so without a size
  [
    'the zstd tool',
    'zstd',
    'KLUv/QRYVAQAYkYQFJAp6SjbCl6e/z8S+I9kipyd6ZoT//+vqqqSJEnStm3b9v//qqoqSZIkQ4EwEGw1JTkQQAJhKKYYizkgJjAlOZBaqJH4/e+Qo1LjEvi30bf//58BBPnhQ/7rlowrjcHGDY5Bx4XH4OMCZBByZO5OekklJYnkkY1UJJEZEilUqegZtQBlJlQFTQAACG4BAGwFORACcu+bFQ==',
  ],
  // zstd -19 --check, from a file
  [
    'the zstd tool, in a single segment',
    'zstd',
    'KLUv/aRwBQMALAMAcsQNELB5YBnIooZJyW6yu41BLgbvzauJF/S9eTXxQr43ryZewPfm1cS79+bVxAMJEWWCLBvIgolTTDOoIezuvwHgpWUMESQEjxAM1Nv//88f/OGrLFRIDJSD8jYjtKrU7GoN2FVVAAAAAQBtBXv+uQYCcu+bFQ==',
  ],
]

describe('what others have compressed', () => {
  test.each(made)('%s', async (_, encoding, base64) => {
    const bytes = Buffer.from(base64, 'base64')
    expect((await undo(encoding, bytes, 100)).toString() === text).toBe(true)
    for (const at of [bytes.length - 2, bytes.length >> 1]) {
      const damaged = Buffer.from(bytes)
      damaged[at] = (damaged[at] ?? 0) ^ 1
      await expect(undo(encoding, damaged)).rejects.toThrow("can't be decompressed")
    }
  })

  test.each([
    ['lz4', '502a4d1803000000010203'],
    ['zstd', '5f2a4d1803000000010203'],
  ] as const)('a skippable frame of %s is skipped', async (encoding, hex) => {
    const skippable = Buffer.from(hex, 'hex')
    const bytes = Buffer.concat([skippable, await squeeze(encoding, [Buffer.from('x')]), skippable])
    expect((await undo(encoding, bytes)).toString()).toBe('x')
    await expect(undo(encoding, bytes.subarray(0, -1))).rejects.toThrow('it ends in the middle')
  })

  test('zstd that wants too large a window is refused before it gets one', async () => {
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 0x01, 0x00, 0x00])
    await expect(undo('zstd', frame)).rejects.toThrow(
      'it needs a window of 2147483648 bytes and may have 8388608',
    )
  })
})

describe('the compression of a reply', () => {
  test.each([
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['gzip', 'gzip'],
    ['deflate, gzip', 'gzip'],
    ['lz4,zstd,gzip,deflate', 'zstd'],
    ['gzip, br', 'br'],
    ['lz4, gzip', 'lz4'],
    ['ZSTD;q=0.1, gzip;q=1.0', 'zstd'],
    ['zstd;q=0, gzip', 'gzip'],
    ['zstd; q=0.000 , br;Q=0,lz4;q=0', undefined],
    ['zstd;q=0.001', 'zstd'],
    ['x-zstd, *', undefined],
    ['snappy, xz, deflate', 'deflate'],
    [';;;,,,q=0', undefined],
  ])('asked for by %j is %s', (header, encoding) => expect(encodingOfReply(header)).toBe(encoding))
})

describe('the compression of a body', () => {
  test.each([
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['GZIP', 'gzip'],
    ['x-gzip', 'gzip'],
    ['zst', 'zstd'],
    [' lz4 ', 'lz4'],
  ])('%j is %s', (header, encoding) => expect(encodingOfBody(header)).toBe(encoding))

  test.each(['snappy', 'gzip, zstd', 'lz44'])('%j is unknown', (header) =>
    expect(() => encodingOfBody(header)).toThrow('Code: 89. DB::Exception: Unknown compression method'),
  )
})
