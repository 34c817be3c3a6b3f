import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../free-port.js'
import { median } from '../median.js'
import type { Bench, BenchResult } from './bench.js'
import { captureQuestions, type Questions } from './dashboards/captured-questions.js'
import { logInReader, type SupersetReader } from './dashboards/superset-reader.js'
import { storeDay } from './query/history.js'
import { startQueryBenchStack, type QueryBenchStack } from './query/stack.js'

const slugs = ['performance', 'errors', 'behaviour', 'security', 'commerce', 'pipeline']
/** Of the day that is looked at. */
const historyEventsPerS = 33
const ingestEventsPerS = 1_000
const ingestS = 75
const times = 4
const barMs = 3_000
const day = 'DATEADD(DATETIME("now"), -24, hour) : now'

/** How long a dashboard's charts wait for their answers. */
export const dashboardsBench: Bench = {
  name: 'dashboards',
  summary:
    'a dashboard over 24 hours opens in Superset, all its charts answered, beside ingest; needs Chromium, takes minutes',
  run: async (report) => {
    const supersetPort = await freePort()
    const stack = await startQueryBenchStack(supersetPort)
    try {
      return await measureAll(stack, `http://127.0.0.1:${supersetPort}`, report)
    } finally {
      await stack.close()
    }
  },
}

async function measureAll(
  stack: QueryBenchStack,
  url: string,
  report: (line: string) => void,
): Promise<BenchResult[]> {
  report(`storing a day at ${historyEventsPerS} events/s…`)
  await storeDay(stack.clickhouse, historyEventsPerS, report)
  const password = readFileSync(join(stack.folder, 'superset/viewer-password'), 'utf8').trim()
  const viewer = { name: 'viewer', password }
  report('writing down what the dashboards ask…')
  const captured = await captureQuestions(url, viewer, slugs)
  const questions = new Map([...captured].map(([slug, bodies]) => [slug, bodies.map(overADay)]))
  const reader = await logInReader(url, viewer)
  report(`each dashboard ${times} times, without ingest…`)
  const quiet = await measure(reader, questions, report)
  report(`the same beside ${ingestEventsPerS} events/s…`)
  const traffic = stack.generate(ingestEventsPerS, ingestS)
  const [busy] = await Promise.all([measure(reader, questions, report), traffic])
  return [resultOf(quiet, busy, questions)]
}

/** A question with its time range replaced by 24 hours. */
function overADay(body: string): string {
  const own = /DATEADD\(DATETIME\(\\"now\\"\), -\d+, hour\) : now/g
  return body.replace(own, JSON.stringify(day).slice(1, -1))
}

/** Median milliseconds of each dashboard. */
async function measure(
  reader: SupersetReader,
  questions: ReadonlyMap<string, Questions>,
  report: (line: string) => void,
): Promise<Map<string, number>> {
  const ms = new Map<string, number[]>()
  for (let i = 0; i < times; i += 1)
    for (const [slug, bodies] of questions) ms.set(slug, [...(ms.get(slug) ?? []), await reader.open(bodies)])
  const medians = new Map([...ms].map(([slug, values]) => [slug, median(values)]))
  for (const [slug, value] of medians)
    report(`${value.toFixed(0)} ms: ${slug}, ${questions.get(slug)?.length ?? 0} questions`)
  return medians
}

function resultOf(
  quiet: ReadonlyMap<string, number>,
  busy: ReadonlyMap<string, number>,
  questions: ReadonlyMap<string, Questions>,
): BenchResult {
  const value = Math.round(median([...busy.values()]))
  const baseline = Math.round(median([...quiet.values()]))
  const [slowest] = [...busy].toSorted(([, a], [, b]) => b - a)
  const asked = [...questions.values()].reduce((sum, bodies) => sum + bodies.length, 0)
  return {
    name: 'dashboards: a day opens',
    value,
    unit: 'ms',
    baseline,
    ratio: Number((value / baseline).toFixed(2)),
    bar: barMs,
    pass: value <= barMs,
    note: `median of ${busy.size} dashboards with ${asked} questions, past every cache, beside ${ingestEventsPerS} events/s; the baseline is without; slowest: ${slowest?.[0]} ${slowest?.[1].toFixed(0)} ms`,
  }
}
