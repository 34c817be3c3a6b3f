import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Store } from '../ingest/pipeline-stack.js'
import {
  openPlainInserter,
  PlainBlocks,
  type PlainBlock,
  type PlainInserter,
} from '../ingest/plain-inserts.js'
import { startProcessorUse, type ProcessorUse } from '../ingest/processor-use.js'

const generator = join(import.meta.dirname, '../../../../packages/generator/dist/main.js')
const events = 1_000_000
/** Events of one second of their own time, so that the rollups have as many minutes as they have in the pipeline. */
const simRate = 80_000
const millisecondsOfEvents = (events / simRate) * 1_000

/** What the plain way does. */
export interface PlainPipeline {
  eventsPerS: number
  /** Processor seconds a second, by process. */
  cores: ProcessorUse
}

/** The generator prints as fast as it can into straight inserts; a block is sent while the next one is collected. */
export async function measurePlainPipeline(store: Store): Promise<PlainPipeline> {
  const inserter = await openPlainInserter(store)
  const start = new Date(Date.now() - millisecondsOfEvents).toISOString()
  const time = ['--rate', '0', '--sim-rate', String(simRate), '--steady', '--start', start]
  const args = [generator, ...time, '--stdout', '--count', String(events), '--seed', '1']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const pids = { generator: child.pid ?? 0, client: process.pid, ClickHouse: store.pid }
  const use = startProcessorUse(pids)
  const startMs = performance.now()
  try {
    // The generator's time is known while it runs: it is read at every block, and the last one is nearly the end.
    const { rows, used } = await insertAll(child.stdout, inserter, use)
    const seconds = (performance.now() - startMs) / 1_000
    const [code] = (await ended) as [number | null]
    if (code !== 0 || rows !== events)
      throw new Error(`The generator ended with code ${code} after ${rows} of ${events} events.`)
    const cores = Object.entries({ ...use(), generator: used['generator'] ?? Number.NaN })
    return {
      eventsPerS: events / seconds,
      cores: Object.fromEntries(cores.map(([name, s]) => [name, s / seconds])),
    }
  } finally {
    child.kill()
    inserter.close()
  }
}

async function insertAll(
  output: AsyncIterable<unknown>,
  inserter: PlainInserter,
  use: () => ProcessorUse,
): Promise<{ rows: number; used: ProcessorUse }> {
  let inserting: Promise<void> = Promise.resolve()
  let rows = 0
  let used = use()
  const send = async (block: PlainBlock | undefined): Promise<void> => {
    if (block === undefined) return
    await inserting
    rows += block.rows
    inserting = inserter.insert(block)
    // It is awaited before the next one; until then its failure is nobody's.
    inserting.catch(() => undefined)
  }
  const blocks = new PlainBlocks()
  for await (const piece of wholeLines(output)) {
    const block = blocks.add(piece)
    if (block !== undefined) used = use()
    await send(block)
  }
  await send(blocks.take())
  await inserting
  return { rows, used }
}

/** Cuts what is read into pieces that end with a line. */
async function* wholeLines(output: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const read of output) {
    const piece = Buffer.concat([rest, read as Buffer])
    const end = piece.lastIndexOf(10) + 1
    rest = piece.subarray(end)
    if (end > 0) yield piece.subarray(0, end)
  }
  if (rest.length > 0) yield rest
}
