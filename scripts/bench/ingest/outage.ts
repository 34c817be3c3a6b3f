import { setTimeout as delay } from 'node:timers/promises'
import { readAccounting, readIngestLag } from '@pulsehouse/platform'
import type { BenchResult } from '../bench.js'
import { peakMemoryMiB } from './peak-memory.js'
import { startPipelineStack, type PipelineStack, type StackProcess, type Store } from './pipeline-stack.js'
import { untilStored } from './stored-events.js'

const eventsPerS = 5_000
/** Room for an hour at this rate would be ten times as much; five minutes are half of it. */
const queueBytes = 2 * 1024 ** 3
const memoryBarMiB = 300
/** Traffic before and after, so that the outage comes into the middle of it. */
const flowingEvents = 10_000
const afterS = 5
const reportEveryS = 30
const askEveryMs = 200
const catchUpMaxMs = 300_000

/**
 * What the ingester's memory does while ClickHouse stands still, as it does on a disk that hangs, and the traffic goes
 * on. It passes only if all that waited is stored in the end, once.
 */
export async function measureOutage(seconds: number, report: (line: string) => void): Promise<BenchResult[]> {
  const stack = await startPipelineStack(queueBytes)
  try {
    const store = await stack.startStore()
    try {
      return await measure(stack, store, seconds, report)
    } finally {
      // What is stopped cannot end.
      process.kill(store.pid, 'SIGCONT')
      await store.close()
    }
  } finally {
    await stack.close()
  }
}

async function measure(
  stack: PipelineStack,
  store: Store,
  seconds: number,
  report: (line: string) => void,
): Promise<BenchResult[]> {
  const ingester = await stack.startIngester(store)
  const generator = stack.startGenerator(['--rate', eventsPerS, '--steady', '--seed', 1])
  await untilStored(store.clickhouse, ingester, flowingEvents)
  report(`ClickHouse stands still for ${seconds} s at ${eventsPerS} events/s…`)
  process.kill(store.pid, 'SIGSTOP')
  await standStill(seconds, ingester, report)
  const stoppedPeak = peakMemoryMiB(ingester.pid) ?? Number.NaN
  const { chunks } = await readIngestLag(stack.nats, Date.now())
  process.kill(store.pid, 'SIGCONT')
  const startMs = performance.now()
  await delay(afterS * 1_000)
  await generator.stop()
  await untilCaughtUp(stack, ingester)
  const catchUpS = (performance.now() - startMs) / 1_000
  const peak = peakMemoryMiB(ingester.pid) ?? Number.NaN
  const { accepted, balanced } = await readAccounting(stack.nats, store.clickhouse)
  await ingester.stop()
  const value = Math.round(peak)
  const result: BenchResult = {
    name: 'ingest: memory without ClickHouse',
    value,
    unit: 'MiB',
    baseline: memoryBarMiB,
    ratio: Number((peak / memoryBarMiB).toFixed(2)),
    bar: memoryBarMiB,
    pass: peak <= memoryBarMiB && balanced,
    note:
      `the ingester's peak, catching up included (${Math.round(stoppedPeak)} until then); ClickHouse was stopped (SIGSTOP) for ${seconds} s at ` +
      `${eventsPerS} events/s, ${chunks} chunks waited, ` +
      `all was stored ${catchUpS.toFixed(1)} s after it went on; ${accepted} events accounted for, ${balanced ? 'balanced' : 'NOT balanced'}`,
  }
  return [result]
}

async function standStill(
  seconds: number,
  { pid }: StackProcess,
  report: (line: string) => void,
): Promise<void> {
  for (let leftS = seconds; leftS > 0; leftS -= reportEveryS) {
    await delay(Math.min(reportEveryS, leftS) * 1_000)
    report(`the ingester has had ${peakMemoryMiB(pid)?.toFixed(0) ?? 'unknown'} MiB at the most…`)
  }
}

async function untilCaughtUp({ nats }: PipelineStack, ingester: StackProcess): Promise<void> {
  const endMs = performance.now() + catchUpMaxMs
  for (;;) {
    const { chunks } = await readIngestLag(nats, Date.now())
    if (chunks === 0) return
    if (performance.now() > endMs)
      throw new Error(`${chunks} chunks still wait ${catchUpMaxMs / 1_000} s later: ${ingester.said()}`)
    await delay(askEveryMs)
  }
}
