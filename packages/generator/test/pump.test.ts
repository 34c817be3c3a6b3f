import { limits } from '@pulsehouse/events'
import { expect, test } from 'vitest'
import { ChunkBuilder, type Chunk } from '../src/output/chunk-builder.js'
import { steadyCurve } from '../src/traffic/day-curve.js'
import { createJsonLine, createTraffic, type LineWriter } from '../src/index.js'
import { unpaced, withClock, type Clock } from '../src/output/pace.js'
import { pump, type PumpParts } from '../src/output/pump.js'
import { printedChunk, publishedChunk } from '../src/output/run.js'
import { startUs } from './draw.js'

/** A clock that moves only when somebody sleeps. */
class TestClock implements Clock {
  ms = 0
  readonly nowMs = (): number => this.ms
  readonly sleep = (ms: number): Promise<void> => {
    this.ms += ms
    return Promise.resolve()
  }
}

interface Written extends Chunk {
  atMs: number
}

/** Runs the pump with a test clock; returns what was written when. */
async function pumped(
  ratePerS: number,
  change: (clock: TestClock, written: Written[], stop: AbortController) => Partial<PumpParts>,
): Promise<Written[]> {
  const clock = new TestClock()
  const written: Written[] = []
  const stop = new AbortController()
  await pump({
    traffic: createTraffic({ seed: 1, startUs, ratePerS, curve: steadyCurve }),
    chunks: new ChunkBuilder(publishedChunk, createJsonLine()),
    sink: {
      write: (chunk) => {
        written.push({ ...chunk, payload: Buffer.from(chunk.payload), atMs: clock.ms })
        return Promise.resolve()
      },
      settle: () => Promise.resolve(),
    },
    pace: withClock(clock, startUs),
    eventsMax: Infinity,
    untilUs: startUs + 20_000_000,
    signal: stop.signal,
    onStandstill: () => undefined,
    ...change(clock, written, stop),
  })
  return written
}

const eventsOf = (chunks: readonly Chunk[]): number => chunks.reduce((sum, { events }) => sum + events, 0)
const timesOf = ({ payload }: Chunk): number[] =>
  Buffer.from(payload)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => Date.parse((JSON.parse(line) as { timestamp: string }).timestamp))

test('with the clock the rate is kept, and no event waits for more than 100 ms', async () => {
  const written = await pumped(300, () => ({}))
  expect(Math.abs(eventsOf(written) / 20 - 300)).toBeLessThan(30)
  for (const chunk of written) {
    for (const time of timesOf(chunk)) {
      const waitedMs = startUs / 1_000 + chunk.atMs - time
      expect(waitedMs).toBeGreaterThanOrEqual(-1)
      expect(waitedMs).toBeLessThanOrEqual(100)
    }
  }
})

test.each([
  { what: 'a published chunk', chunk: publishedChunk, bytesMax: limits.chunkBytesMax },
  { what: 'a printed chunk', chunk: printedChunk, bytesMax: 64 * 1024 },
])('$what keeps to its limits; chunks count on from 0 and hold whole lines', async ({ chunk, bytesMax }) => {
  const chunks = new ChunkBuilder(chunk, createJsonLine())
  const written = await pumped(2_000, () => ({ chunks, pace: unpaced, eventsMax: 20_000, untilUs: Infinity }))
  expect(eventsOf(written)).toBe(20_000)
  expect(written.map(({ number }) => number)).toEqual(written.map((_, index) => index))
  for (const { events, payload } of written) {
    expect(events).toBeGreaterThan(0)
    expect(events).toBeLessThanOrEqual(limits.chunkEventsMax)
    expect(payload.length).toBeLessThanOrEqual(bytesMax)
    expect(Buffer.from(payload).toString().split('\n')).toHaveLength(events + 1)
  }
})

test('ticks do not grow by the time that a tick’s events take', async () => {
  const written = await pumped(300, (clock, written) => ({
    sink: {
      write: (chunk) => {
        clock.ms += 30
        written.push({ ...chunk, payload: Buffer.from(chunk.payload), atMs: clock.ms })
        return Promise.resolve()
      },
      settle: () => Promise.resolve(),
    },
  }))
  const gapsMs = written.slice(1).map(({ atMs }, index) => atMs - (written[index]?.atMs ?? 0))
  expect(Math.max(...gapsMs.slice(0, -1))).toBeLessThanOrEqual(100)
  expect(written.length).toBeGreaterThan(350)
})

const event = createTraffic({ seed: 1, startUs, ratePerS: 1 }).next()
const writeShortLine: LineWriter = (out) => out.text('{}\n')

test('a chunk is full at its number of events or of bytes, whichever comes first', () => {
  for (const limits of [
    { events: 3, bytes: 100 },
    { events: 100, bytes: 7 },
  ]) {
    const chunks = new ChunkBuilder(limits, writeShortLine)
    for (let line = 0; line < 3; line += 1) {
      expect(chunks.isFull).toBe(false)
      chunks.add(event)
    }
    expect(chunks.isFull).toBe(true)
    const { number, events, payload } = chunks.take()
    expect({ number, events }).toEqual({ number: 0, events: 3 })
    expect(Buffer.from(payload).toString()).toBe('{}\n{}\n{}\n')
  }
})

test('a chunk stays as it is while the next one is filled', () => {
  const chunks = new ChunkBuilder({ events: 3, bytes: 100 }, writeShortLine)
  chunks.add(event)
  const { payload } = chunks.take()
  chunks.add(event)
  chunks.add(event)
  expect(Buffer.from(payload).toString()).toBe('{}\n')
  expect(chunks.take()).toMatchObject({ number: 1, events: 2 })
})

test('a sink that blocks makes the shop stand still: the lost time is not made up for', async () => {
  let standstillMs = 0
  const written = await pumped(300, (clock, written) => ({
    sink: {
      write: (chunk) => {
        written.push({ ...chunk, payload: Buffer.from(chunk.payload), atMs: clock.ms })
        if (written.length === 50) clock.ms += 10_000
        return Promise.resolve()
      },
      settle: () => Promise.resolve(),
    },
    onStandstill: (lengthMs) => {
      standstillMs = lengthMs
    },
  }))
  expect(Math.abs(standstillMs - 10_000)).toBeLessThan(300)
  expect(Math.abs(eventsOf(written) / 10 - 300)).toBeLessThan(45)
})

test('a signal ends the pump after what was drawn is written and has settled', async () => {
  const order: string[] = []
  await pumped(300, (_clock, _written, stop) => ({
    sink: {
      write: () => {
        order.push('write')
        if (order.length === 5) stop.abort()
        return Promise.resolve()
      },
      settle: () => {
        order.push('settle')
        return Promise.resolve()
      },
    },
  }))
  expect(order).toEqual(['write', 'write', 'write', 'write', 'write', 'settle'])
})
