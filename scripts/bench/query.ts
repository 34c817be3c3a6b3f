import { setTimeout as delay } from 'node:timers/promises'
import { median } from '../median.js'
import type { Bench, BenchResult } from './bench.js'
import { askInTurns } from './query/ask-in-turns.js'
import { storeDay, storeDayAgain } from './query/history.js'
import { rareWord, searches, statsQuestions } from './query/questions.js'
import { startQueryBenchStack, type QueryBenchStack } from './query/stack.js'

/** 20 million events in 7 days. */
const eventsPerS = 33
const days = 7
const times = 100
/** The stack has just been started; one that runs is asked the same things all day, and its code is compiled. */
const warmUps = 40
const statsBarMs = 50
/** What the API may add to the time that ClickHouse takes, milliseconds. */
const addedBarMs = 3
/** With seven times the events, the slowest answer may take so many times as long; the machine's noise is in it. */
const growthBar = 1.5
/** What was stored at once is settled when nothing has been merged for so many seconds; longer than this nobody waits. */
const quietReadings = 60
const settleMaxMs = 180_000
const readers = 50
const ingestEventsPerS = 1_000
const ingestS = 20
/** The oldest chunk that waits when the traffic ends, seconds. */
const lagBarS = 5

/** How long answers take, milliseconds. */
interface Measured {
  path: string
  medianMs: number
  p95Ms: number
  /** The median of what the API itself took. */
  addedMs: number
}

/** What questions cost with 3 and 20 million events, and under load. */
export const queryBench: Bench = {
  name: 'query',
  summary:
    'the API on 20 million events of 7 days: statistics, searches, 50 readers beside ingest; takes some minutes',
  run: async (report) => {
    const stack = await startQueryBenchStack()
    try {
      return await measureAll(stack, report)
    } finally {
      await stack.close()
    }
  },
}

async function measureAll(stack: QueryBenchStack, report: (line: string) => void): Promise<BenchResult[]> {
  report(`storing a day at ${eventsPerS} events/s…`)
  await storeDay(stack.clickhouse, eventsPerS, report)
  await storeRareWord(stack)
  const few = await rowsOf(stack)
  report(`${few} events: ${statsQuestions.length} questions, ${times} times each…`)
  await settle(stack)
  const before = await measure(stack, statsQuestions)
  for (let day = 1; day < days; day += 1) {
    report(`storing the day before, ${day} of ${days - 1}…`)
    await storeDayAgain(stack.clickhouse, day)
  }
  const many = await rowsOf(stack)
  report(`${many} events: the same questions…`)
  report('waiting until ClickHouse has merged what was stored at once…')
  await settle(stack)
  const after = (await measure(stack, statsQuestions)).toSorted((a, b) => b.p95Ms - a.p95Ms)
  for (const { path, medianMs, p95Ms, addedMs } of after)
    report(
      `p95 ${p95Ms.toFixed(0)} ms, median ${medianMs.toFixed(0)} ms, of which the API ${addedMs.toFixed(1)} ms: ${path}`,
    )
  return [
    worstOf(after, many),
    growthOf(before, after, few, many),
    addedOf(after),
    ...(await measureSearches(stack)),
    await measureUnderLoad(stack, report),
  ]
}

/** Six days were stored within a minute: what ClickHouse still does for that, it does not do for a stack that lives with its traffic. */
async function settle({ clickhouse }: QueryBenchStack): Promise<void> {
  const endMs = Date.now() + settleMaxMs
  for (let quiet = 0; quiet < quietReadings && Date.now() < endMs;) {
    const [row] = await clickhouse.query<{ merges: number }>('SELECT count() AS merges FROM system.merges')
    quiet = row?.merges === 0 ? quiet + 1 : 0
    await delay(1_000)
  }
}

/** @returns in the order of the paths. */
async function measure({ api }: QueryBenchStack, paths: readonly string[]): Promise<Measured[]> {
  const asked = await askInTurns({ ...api, paths, warmUps, times })
  return asked.map(({ path, ms, addedMs }) => ({
    path,
    medianMs: median(ms),
    p95Ms: percentile(ms, 0.95),
    addedMs: median(addedMs),
  }))
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN
}

function result(
  name: string,
  unit: string,
  value: number,
  baseline: number,
  bar: number,
  note: string,
): BenchResult {
  const rounded = Number(value.toFixed(1))
  const ratio = Number((value / baseline).toFixed(2))
  return { name: `query: ${name}`, value: rounded, unit, baseline, ratio, bar, pass: value <= bar, note }
}

function worstOf(measured: readonly Measured[], rows: number): BenchResult {
  const [worst] = measured
  const note = `p95 of the slowest of ${measured.length} questions about 24 hours, with ${rows} events: ${worst?.path}`
  return result('statistics, p95', 'ms', worst?.p95Ms ?? Number.NaN, statsBarMs, statsBarMs, note)
}

/** Compared at the median, of all questions together: a single one's is mostly noise. */
function growthOf(
  before: readonly Measured[],
  after: readonly Measured[],
  few: number,
  many: number,
): BenchResult {
  const sum = (all: readonly Measured[]): number => all.reduce((total, { medianMs }) => total + medianMs, 0)
  const growth = sum(after) / sum(before)
  const note = `medians of all questions together, with ${many} events (${sum(after).toFixed(0)} ms) beside ${few} (${sum(before).toFixed(0)} ms)`
  return result('growth with the events', 'times', growth, 1, growthBar, note)
}

function addedOf(measured: readonly Measured[]): BenchResult {
  const summaries = measured.filter(({ path }) => /summary|top/.test(path))
  const worst = Math.max(...summaries.map(({ addedMs }) => addedMs))
  const note =
    'what the API takes beside ClickHouse’s answer, the median of the slowest summary or top; a series of 1,440 rows is in the lines above'
  return result('the API itself', 'ms', worst, addedBarMs, addedBarMs, note)
}

async function measureSearches(stack: QueryBenchStack): Promise<BenchResult[]> {
  const measured = await measure(
    stack,
    searches.map(({ path }) => path),
  )
  return searches.map(({ name, barMs }, index) => {
    const { medianMs = Number.NaN, p95Ms = Number.NaN } = measured[index] ?? {}
    return result(name, 'ms', p95Ms, barMs, barMs, `p95; median ${medianMs.toFixed(0)} ms`)
  })
}

/** Readers ask as fast as they are answered while the shop's traffic is ingested. */
async function measureUnderLoad(
  stack: QueryBenchStack,
  report: (line: string) => void,
): Promise<BenchResult> {
  report(`${readers} readers for ${ingestS} s, beside ${ingestEventsPerS} events/s…`)
  const stop = new AbortController()
  let answers = 0
  const reading = Array.from({ length: readers }, async (_, reader) => {
    for (let i = reader; !stop.signal.aborted; i += 1) {
      const response = await stack.ask(statsQuestions[i % statsQuestions.length] ?? '/healthz')
      await response.arrayBuffer()
      answers += 1
    }
  })
  const failed = Promise.all(reading)
  await Promise.race([stack.generate(ingestEventsPerS, ingestS), failed])
  const lag = (await (await stack.ask('/v1/pipeline/lag')).json()) as { seconds: number; chunks: number }
  stop.abort()
  await failed
  const note = `${answers} answers to ${readers} readers, none failed; ${lag.chunks} chunks wait as the traffic of ${ingestEventsPerS} events/s ends`
  return result('lag of ingest beside readers', 's', lag.seconds, lagBarS, lagBarS, note)
}

async function storeRareWord({ clickhouse }: QueryBenchStack): Promise<void> {
  await clickhouse.command(
    `INSERT INTO logs (received_day, timestamp, level, service, message, stream_seq)
     SELECT today(), now64(6) - INTERVAL number HOUR, 'INFO', 'bench', 'a ${rareWord} swims', 900000 + number FROM numbers(5)`,
  )
}

async function rowsOf({ clickhouse }: QueryBenchStack): Promise<number> {
  const [row] = await clickhouse.query<{ n: number }>('SELECT count() AS n FROM logs')
  return row?.n ?? 0
}
