import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { readLogStream, readLogStreamState, type NatsLink } from '@pulsehouse/platform'
import type { Bench, BenchResult } from './bench.js'
import { processorSeconds } from './processor-seconds.js'
import type { ReadersReport } from './tail/readers-process.js'
import { startTailBenchStack, type TailBenchStack } from './tail/tail-stack.js'

const readersCount = 100
const eventsPerS = 5_000
const durationS = 20
/** The time until the last reader has the last event counts too, and the start of the generator. */
const bar = 0.9 * readersCount * eventsPerS
/** How long serialising is measured, milliseconds. */
const baselineMs = 2_000
const generator = join(import.meta.dirname, '../../../packages/generator/dist/main.js')
const readersProcess = join(import.meta.dirname, 'tail/readers-process.js')

/**
 * A hundred readers of everything at five thousand events a second, each of which hangs up once and comes back. The
 * value is what all of them received a second; it passes only if nobody missed an event or had one twice, and nobody
 * asked ClickHouse. The baseline writes every event for every reader, and does nothing else.
 */
export const tailBench: Bench = {
  name: 'tail',
  summary:
    'events a second that 100 live readers receive whole, beside serialising each event for each reader',
  run: async (report) => {
    const stack = await startTailBenchStack()
    try {
      return [await measure(stack, report)]
    } finally {
      await stack.close()
    }
  },
}

async function measure(stack: TailBenchStack, report: (line: string) => void): Promise<BenchResult> {
  const readers = fork(readersProcess, [stack.apiUrl, stack.key, String(readersCount)])
  await once(readers, 'message')
  report(`${readersCount} readers are connected; ${eventsPerS} events/s for ${durationS} s…`)
  const cpuBefore = processorSeconds(stack.apiPid) ?? Number.NaN
  const startMs = performance.now()
  await generate(stack.natsUrl)
  const publishedS = (performance.now() - startMs) / 1_000
  const { lastSeq } = await readLogStreamState(stack.nats)
  const { counts, reconnects, refused, cpuS: readersCpuS } = await reportOf(readers, lastSeq)
  const wallS = (performance.now() - startMs) / 1_000
  const cpuS = (processorSeconds(stack.apiPid) ?? Number.NaN) - cpuBefore
  const published = await countLines(stack.nats, lastSeq)
  const received = sumOf(counts.map(({ events }) => events))
  const faults = sumOf(counts.map(({ missing, doubled, notices }) => missing + doubled + notices))
  const short = counts.filter(({ events }) => events !== published).length
  report('serialising each event for each reader…')
  const baseline = await serialisedPerS(stack.nats)
  const value = received / wallS
  const asked = stack.clickhouseRequests()
  const isWhole = faults === 0 && short === 0 && refused === 0
  return {
    name: 'tail',
    value: Math.round(value),
    unit: 'events/s received',
    baseline: Math.round(baseline),
    ratio: Number((value / baseline).toFixed(1)),
    bar,
    pass: isWhole && asked === 0 && reconnects >= readersCount && value >= bar,
    note:
      `${published} events published in ${publishedS.toFixed(1)} s; ${faults} missed or doubled, ${short} readers without all of them, ` +
      `${reconnects} reconnects, ${refused} refused; ${asked} requests to ClickHouse; the API used ${cpuS.toFixed(1)} s of ` +
      `processor time in ${wallS.toFixed(1)} s: ${Math.round(received / cpuS)} events per second of one core; its readers used ${readersCpuS.toFixed(1)} s`,
  }
}

async function generate(natsUrl: string): Promise<void> {
  const args = ['--rate', String(eventsPerS), '--steady', '--duration', String(durationS), '--seed', '1']
  const child = spawn(process.execPath, [generator, ...args, '--nats-url', natsUrl], { stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`The generator ended with code ${code}.`)
}

async function reportOf(readers: ChildProcess, lastSeq: number): Promise<ReadersReport> {
  readers.send(lastSeq)
  const [report] = (await once(readers, 'message', { signal: AbortSignal.timeout(60_000) })) as [
    ReadersReport,
  ]
  return report
}

async function linesOf(nats: NatsLink, lastSeq: number): Promise<string[]> {
  const lines: string[] = []
  const reading = await readLogStream(nats, 1)
  for await (const chunk of reading) {
    lines.push(...Buffer.from(chunk.payload).toString().trimEnd().split('\n'))
    if (chunk.seq >= lastSeq) break
  }
  reading.stop()
  return lines
}

async function countLines(nats: NatsLink, lastSeq: number): Promise<number> {
  return (await linesOf(nats, lastSeq)).length
}

/** How many events one core writes as JSON and bytes, if each reader has its own. */
async function serialisedPerS(nats: NatsLink): Promise<number> {
  const events: unknown[] = (await linesOf(nats, 10)).map((line) => JSON.parse(line) as unknown)
  const startMs = performance.now()
  let written = 0
  let bytes = 0
  for (; performance.now() - startMs < baselineMs; written += 1) {
    bytes += Buffer.from(`data: ${JSON.stringify(events[written % events.length])}\n\n`).length
  }
  if (bytes === 0) throw new Error('Nothing was serialised.')
  return written / ((performance.now() - startMs) / 1_000)
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
