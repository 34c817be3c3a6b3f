import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  connectClickhouse,
  connectNats,
  createLogger,
  dataFolder,
  ensureLogStream,
  migrationTimeoutMs,
  readAccounting,
  readLogStreamState,
  type Accounting,
  type Clickhouse,
  type NatsLink,
} from '@pulsehouse/platform'
import { prepareSchema } from '../../schema.js'
import { openRandom } from '../random.js'
import { checkLedger, type LedgerCheck } from './check-ledger.js'
import { checkRollups } from './check-rollups.js'
import { checkTap } from './check-tap.js'
import { FaultRun } from './fault-run.js'
import type { FaultCounts } from './fault-counts.js'
import { startLedgeredProducer, type LedgeredProducer } from './ledgered-producer.js'
import { createPipelineParts, type PipelineParts } from './pipeline-parts.js'
import type { PartProcess } from './part-process.js'
import { watchProgress, type ProgressWatch } from './progress-watch.js'
import { openStreamTap, type StreamTap } from './stream-tap.js'

const retentionDays = 30
const producers = 2
/** Events a second of each of the producers that remember. */
const producerRate = 250
/** When nothing is done to it any more, everything is stored within so long, milliseconds. */
const drainedWithinMs = 180_000
const pollEveryMs = 100

/** What is to be done. */
export interface PipelineOptions {
  dataDir: string
  seed: number
  durationMs: number
  /** Events a second of the generator. */
  rate: number
  ingesters: number
  env: NodeJS.ProcessEnv
  report: (line: string) => void
}

/** What came of it. */
export interface PipelineResult {
  faultsDone: FaultCounts
  /** Ends of parts that were not killed, as of one that could not reach another at its start. */
  ownEnds: Record<string, number>
  /** Events that the queue took, by the product's own accounting. */
  accepted: number
  stored: number
  rejected: number
  /** Of the producers that remember. */
  acknowledged: number
  unknown: number
  unknownStored: number
  chunks: number
  /** Chunks that were cleared before the listener saw them; the producers and the accounting judge those. */
  unseenChunks: number
  rollups: number
  rollupSums: number
  /** Stored a second, over the time of the faults. */
  eventsPerSecond: number
  longestStallMs: number
  /** How often another process than the one before stored: the one that stood by, or one that was started again. */
  takeovers: number
  /** How long it took to store what was left when nothing was done any more. */
  drainMs: number
  faults: string[]
}

/** Everything that has to be closed, whatever happens. */
interface Running {
  parts: PipelineParts
  nats: NatsLink
  clickhouse: Clickhouse
  watch: ProgressWatch
  tap: StreamTap
}

/**
 * Runs a pipeline under load, kills and holds up its parts, lets it come to rest, and judges what is stored by the books of
 * producers, by what a listener saw go through the queue, by the views' own questions, and by the product's accounting.
 *
 * @throws when it does not start.
 */
export async function runPipeline(options: PipelineOptions): Promise<PipelineResult> {
  const parts = await createPipelineParts(options)
  const all = [parts.nats, parts.clickhouse, ...parts.ingesters, parts.generator]
  const abandon = (): void => all.forEach((part) => part.abandon())
  process.on('exit', abandon)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
  try {
    const running = await start(parts)
    try {
      return await chaos(options, running)
    } finally {
      await close(running)
    }
  } finally {
    for (const part of all.toReversed()) await part.stop()
    abandon()
    process.off('exit', abandon)
  }
}

async function start(parts: PipelineParts): Promise<Running> {
  const log = createLogger('chaos', 'silent')
  for (const part of [parts.nats, parts.clickhouse]) part.start()
  for (const part of [parts.nats, parts.clickhouse]) await part.untilReady()
  const { clickhouseUrl: url, natsUrl } = parts
  const setup = connectClickhouse({
    url,
    application: 'chaos',
    database: 'default',
    requestTimeoutMs: migrationTimeoutMs,
  })
  await prepareSchema(setup, retentionDays)
  await setup.close()
  const clickhouse = connectClickhouse({ url, application: 'chaos', requestTimeoutMs: migrationTimeoutMs })
  const [found] = await clickhouse.query<{ rows: number }>('SELECT count() AS rows FROM logs')
  if (found?.rows !== 0)
    throw new Error('The data folder holds events already: name an empty one with --data, or leave it away.')
  const nats = await connectNats({ url: natsUrl, name: 'chaos', log })
  await ensureLogStream(nats, parts.queueBytes)
  return { parts, clickhouse, nats, watch: watchProgress(nats), tap: openStreamTap(nats) }
}

async function close({ nats, clickhouse, watch, tap }: Running): Promise<void> {
  // The queue may be gone: then nothing that waits for it ends in order.
  await Promise.race([Promise.all([watch.close(), tap.close()]), delay(3_000, undefined, { ref: false })])
  await nats.connection.close()
  await clickhouse.close()
}

async function chaos(options: PipelineOptions, running: Running): Promise<PipelineResult> {
  const { parts, watch, nats, clickhouse } = running
  const random = openRandom(options.seed)
  const log = createLogger('chaos', 'silent')
  const apps = [...parts.ingesters, parts.generator]
  for (const part of apps) part.start()
  for (const part of apps) await part.untilReady()
  const books = Array.from({ length: producers }, (_, index) =>
    startLedgeredProducer({
      number: index + 1,
      nats,
      log,
      random: openRandom(random.integer(0, 2 ** 31)),
      rate: producerRate,
    }),
  )
  const faultsPath = join(dataFolder(options.dataDir).logs, 'faults.ndjson')
  const faultRun = new FaultRun(parts, watch, clickhouse, (what) =>
    appendFileSync(faultsPath, `${JSON.stringify({ time: new Date().toISOString(), ...what })}\n`),
  )
  const startMs = Date.now()
  await faultRun.run(random, options.durationMs, options.report)
  const seconds = (Date.now() - startMs) / 1000
  options.report('nothing is done to it any more: waiting until everything is stored')
  const drainStartMs = Date.now()
  const late = await drain(running, books)
  const drainMs = Date.now() - drainStartMs
  const faults = late === undefined ? [] : [late]
  return await judge(running, books, { seconds, drainMs, counts: faultRun.counts, faults })
}

/** Lets the producers end and the ingester store everything. @returns what is wrong if it doesn't. */
async function drain(
  { parts, nats, watch, tap }: Running,
  books: readonly LedgeredProducer[],
): Promise<string | undefined> {
  for (const part of [parts.nats, parts.clickhouse, ...parts.ingesters]) await part.untilReady()
  await parts.generator.stop()
  await Promise.all(books.map(async (book) => await book.stop()))
  const deadline = Date.now() + drainedWithinMs
  while (Date.now() < deadline) {
    const stream = await readLogStreamState(nats).catch(() => undefined)
    const state = await watch.look(2_000)
    if (
      stream !== undefined &&
      state?.pending === null &&
      state.committed === stream.lastSeq &&
      tap.lastSeq() === stream.lastSeq
    )
      return undefined
    await delay(pollEveryMs)
  }
  return `not everything was stored within ${drainedWithinMs / 1000} s after the last fault: ${JSON.stringify(watch.seen())}, the listener is at chunk ${tap.lastSeq()}`
}

async function judge(
  running: Running,
  books: readonly LedgeredProducer[],
  done: { seconds: number; drainMs: number; counts: FaultCounts; faults: string[] },
): Promise<PipelineResult> {
  const { parts, nats, clickhouse, tap, watch } = running
  const accounting = await readAccounting(nats, clickhouse)
  const ledgers: LedgerCheck[] = []
  for (const book of books) ledgers.push(await checkLedger(clickhouse, book))
  const rollups = await checkRollups(clickhouse)
  const sum = (of: (ledger: LedgerCheck) => number): number =>
    ledgers.reduce((all, ledger) => all + of(ledger), 0)
  return {
    faultsDone: done.counts,
    ownEnds: Object.fromEntries(
      [parts.nats, parts.clickhouse, ...parts.ingesters, parts.generator].map(({ name, ownEnds }) => [
        name,
        ownEnds.length,
      ]),
    ),
    accepted: accounting.accepted,
    stored: accounting.stored,
    rejected: accounting.rejected,
    acknowledged: sum(({ acknowledged }) => acknowledged),
    unknown: sum(({ unknown }) => unknown),
    unknownStored: sum(({ unknownStored }) => unknownStored),
    chunks: tap.lines.size,
    unseenChunks: tap.unseen(),
    rollups: rollups.rollups,
    rollupSums: rollups.sums,
    eventsPerSecond: Math.round((accounting.stored + accounting.rejected) / done.seconds),
    longestStallMs: watch.longestStallMs(),
    takeovers: watch.takeovers(),
    drainMs: done.drainMs,
    faults: [
      ...done.faults,
      ...unexpectedEnds([parts.nats, parts.clickhouse]),
      ...accountingFaults(accounting),
      ...ledgers.flatMap((ledger) => ledger.faults),
      ...(await checkTap(clickhouse, tap)),
      ...rollups.faults,
    ],
  }
}

/** Servers stand on nothing that we kill: they have no reason to end. */
function unexpectedEnds(servers: readonly PartProcess[]): string[] {
  return servers.flatMap(({ name, ownEnds }) => ownEnds.map((how) => `${name} ended by itself (${how})`))
}

function accountingFaults({ balanced, faults, accepted, stored, rejected, pending }: Accounting): string[] {
  if (balanced) return []
  const sums = `accounting: accepted ${accepted}, stored ${stored}, rejected ${rejected}, pending ${pending}`
  return [
    sums,
    ...faults.map(({ kind, range, detail }) => `accounting: ${kind} ${JSON.stringify(range)}: ${detail}`),
  ]
}
