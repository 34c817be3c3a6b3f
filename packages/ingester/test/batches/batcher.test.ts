import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createProtection, formats } from '@pulsehouse/events'
import type { Chunk } from '@pulsehouse/platform'
import { describe, expect, test } from 'vitest'
import { BatchEncoder } from '../../src/batches/batch-encoder.js'
import { makeBatches, type BatchLimits } from '../../src/batches/batcher.js'
import { openBatch, type OpenBatch } from '../../src/batches/open-batch.js'

const encoder = new BatchEncoder(createProtection('pseudonyms', 'a'.repeat(64)))
const noonMicros = Date.UTC(2026, 10, 22, 12) * 1000
const dayMicros = 86_400_000_000
const wide: BatchLimits = { rowsMax: 1_000, bytesMax: 1_000_000_000, ageMaxMs: 20 }

/** A chunk of so many lines. */
function chunk(seq: number, lines: number, receivedAtMicros = noonMicros, padding = ''): Chunk {
  const line = JSON.stringify({ level: 'INFO', message: `hello ${padding}` })
  const payload = Buffer.from(Array.from({ length: lines }, () => line).join('\n'))
  return {
    seq,
    receivedAtMicros,
    contentType: formats.json.contentType,
    timeShiftMicros: 0,
    payload,
    pending: 0,
  }
}

const open = (): OpenBatch => openBatch(encoder, 1_700_000_000)

async function rangesOf(
  chunks: AsyncIterable<Chunk>,
  limits: BatchLimits,
  isBusy = () => false,
): Promise<string[]> {
  const ranges: string[] = []
  for await (const { range, accepted, chunks: count, logs } of makeBatches(chunks, limits, open, isBusy)) {
    expect(logs.rows).toBe(accepted)
    expect(count).toBe(range.last - range.first + 1)
    ranges.push(`${range.first}-${range.last}: ${accepted}`)
  }
  return ranges
}

async function* at(...chunks: (Chunk | number)[]): AsyncGenerator<Chunk> {
  for (const item of chunks) {
    if (typeof item === 'number') await delay(item)
    else yield item
  }
}

describe('a batch', () => {
  test('ends when it has its rows', async () => {
    const chunks = at(chunk(1, 4), chunk(2, 4), chunk(3, 4), chunk(4, 4), chunk(5, 1))
    expect(await rangesOf(chunks, { ...wide, rowsMax: 8 })).toEqual(['1-2: 8', '3-4: 8', '5-5: 1'])
  })

  test('ends when it has its bytes, many pieces long', async () => {
    const large = (seq: number): Chunk => chunk(seq, 2, noonMicros, 'x'.repeat(120_000))
    const chunks = at(...Array.from({ length: 100 }, (_, index) => large(index + 1)))
    expect(await rangesOf(chunks, { ...wide, bytesMax: 12_000_000, ageMaxMs: 60_000 })).toEqual([
      '1-50: 100',
      '51-100: 100',
    ])
  })

  test('ends with the day', async () => {
    const chunks = at(chunk(7, 2), chunk(8, 1, noonMicros + dayMicros), chunk(9, 1, noonMicros + dayMicros))
    expect(await rangesOf(chunks, wide)).toEqual(['7-7: 2', '8-9: 2'])
  })

  test('ends when it is old', async () => {
    expect(await rangesOf(at(chunk(1, 1), 200, chunk(2, 1)), wide)).toEqual(['1-1: 1', '2-2: 1'])
  })

  test('grows while the one before is inserted', async () => {
    let isBusy = true
    const chunks = at(chunk(1, 1), 200, chunk(2, 1), 200, chunk(3, 1))
    setTimeout(() => (isBusy = false), 300)
    expect(await rangesOf(chunks, wide, () => isBusy)).toEqual(['1-2: 2', '3-3: 1'])
  })

  test('is filled while much is still to be read', async () => {
    const behind = [1, 2, 3].map((seq) => ({ ...chunk(seq, 4), pending: 1_000 }))
    const chunks = at(...behind.flatMap((item) => [item, 60]), chunk(4, 1), 60, chunk(5, 1))
    expect(await rangesOf(chunks, { ...wide, rowsMax: 8 })).toEqual(['1-2: 8', '3-4: 5', '5-5: 1'])
  })

  test('keeps none of its chunks as they came', async () => {
    const chunks = 200
    const mebibytes = (): number => process.memoryUsage().arrayBuffers / 1024 ** 2
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    let grown = 0
    const read = async function* (): AsyncGenerator<Chunk> {
      const before = mebibytes()
      for (let seq = 1; seq <= chunks; seq += 1) {
        const payload = new Uint8Array(1024 ** 2)
        yield { ...chunk(seq, 0), payload }
      }
      collect()
      grown = mebibytes() - before
    }
    const held = (): OpenBatch =>
      ({
        add: async () => undefined,
        finish: async () => ({}),
        isOfAnotherDay: () => false,
        lines: 0,
        bytes: 0,
      }) as unknown as OpenBatch
    const made = makeBatches(read(), { ...wide, ageMaxMs: 60_000 }, held, () => true)
    await made.next()
    expect(grown).toBeLessThan(chunks / 10)
  })

  test('begins anew after one that was given up', async () => {
    await open().add(chunk(1, 3))
    expect(await rangesOf(at(chunk(1, 1)), wide)).toEqual(['1-1: 1'])
  })
})
