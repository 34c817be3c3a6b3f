import { backtest, readRules, type Incident } from '@pulsehouse/detector'
import { askBaseline } from './detection/baseline.js'
import { match, type Claim, type Match } from './detection/match.js'
import { scoreOf, type Score } from './detection/score.js'
import { openScenarioStore, scenario, type ScenarioStore } from './detection/store.js'
import { describeKinds, describeMistakes } from './detection/tables.js'
import type { Bench, BenchOptions, BenchResult } from './bench.js'

/** The seeds that are reported, and those by which rules and thresholds may be chosen. */
const firstSeeds = { reported: 1, dev: 101 } as const
/** So many seeds there are at the most: reported ones must not become those that were chosen by. */
const scenariosMax = { reported: 20, dev: 10 } as const
const bars = { recall: 0.95, precision: 0.9, medianDelayMin: 2, wrongADay: 1 } as const
const minuteS = 60

/** What the detector and the baseline made of one scenario. */
interface Judged {
  own: Match
  baseline: Match
}

/** How well incidents are found, of scenarios by which nothing was chosen. */
export const detectionBench: Bench = {
  name: 'detection',
  summary:
    'incidents found, of 20 seeded scenarios of 14 days, beside fixed thresholds (--scenarios, --dev, --keep); takes an hour or two',
  run: async (report, options) => {
    const seeds = seedsOf(options)
    report(
      `seeds ${seeds.join(', ')} are ${options.dev ? 'those that rules and thresholds are chosen by' : 'reported; rules and thresholds are chosen by others, 101 to 110'}`,
    )
    const judged: Judged[] = []
    for (const seed of seeds) judged.push(await judgeScenario(seed, options.keep, report))
    const [own, baseline] = [judged.map(({ own }) => own), judged.map(({ baseline }) => baseline)]
    for (const line of describeKinds(own, baseline)) report(line)
    const days = (seeds.length * (scenario.durationS - scenario.learnedS)) / 86_400
    return resultsOf(scoreOf(own, days), scoreOf(baseline, days), days, options.dev)
  },
}

function seedsOf({ scenarios, dev }: BenchOptions): number[] {
  const kind = dev ? 'dev' : 'reported'
  const count = Math.min(scenarios, scenariosMax[kind])
  return Array.from({ length: count }, (_, index) => firstSeeds[kind] + index)
}

async function judgeScenario(
  seed: number,
  keep: string | undefined,
  report: (line: string) => void,
): Promise<Judged> {
  const tell = (line: string): void => report(`seed ${seed}: ${line}`)
  const store = await openScenarioStore(seed, keep, tell)
  try {
    const range = rangeOf(store)
    const incidents = await backtest({
      clickhouse: store.clickhouse,
      rules: readRules(),
      ...range,
      report: tell,
    })
    const own = match(store.planted, claimsOf(incidents, range.toSeconds))
    for (const line of describeMistakes(own)) tell(line)
    const baseline = match(store.planted, await askBaseline(store.clickhouse, range))
    const found = own.incidents.filter(({ delayS }) => delayS !== undefined).length
    tell(
      `${found} of ${own.incidents.length} found, ${own.wrong.length} false, ${own.repeated.length} repeated`,
    )
    return { own, baseline }
  } finally {
    await store.close()
  }
}

function rangeOf({ startSeconds }: ScenarioStore): { fromSeconds: number; toSeconds: number } {
  return { fromSeconds: startSeconds + scenario.learnedS, toSeconds: startSeconds + scenario.durationS }
}

/** Only what wakes people counts. */
function claimsOf(incidents: readonly Incident[], toSeconds: number): Claim[] {
  return incidents
    .filter(({ severity }) => severity !== 'info')
    .map(({ findings, startedSeconds, endedSeconds, openedSeconds, title }) => ({
      kinds: findings.map(({ kind }) => kind),
      startedSeconds,
      endedSeconds: endedSeconds ?? toSeconds,
      toldSeconds: openedSeconds + minuteS,
      title,
    }))
}

function resultsOf(own: Score, baseline: Score, days: number, dev: boolean): BenchResult[] {
  const seeds = dev ? 'seeds that thresholds are chosen by' : 'seeds by which nothing was chosen'
  const counts = ({ found, planted, wrong, repeated }: Score): string =>
    `${found} of ${planted} found, ${wrong} false, ${repeated} repeated in ${days} days`
  const note = `${seeds}; ${counts(own)}; baseline: ${counts(baseline)}`
  const inMinutes = (seconds: number): number => Number((seconds / minuteS).toFixed(1))
  return [
    atLeast('recall', own.recall, baseline.recall, bars.recall, note),
    atLeast('precision', own.precision, baseline.precision, bars.precision),
    atMost(
      'median delay',
      'min',
      inMinutes(own.medianDelayS),
      inMinutes(baseline.medianDelayS),
      bars.medianDelayMin,
    ),
    atMost('false incidents', 'a day', own.wrongADay, baseline.wrongADay, bars.wrongADay),
  ]
}

function atLeast(name: string, value: number, baseline: number, bar: number, note?: string): BenchResult {
  return {
    ...result(name, 'of 1', value, baseline, bar),
    pass: value >= bar,
    ...(note === undefined ? {} : { note }),
  }
}

function atMost(name: string, unit: string, value: number, baseline: number, bar: number): BenchResult {
  return { ...result(name, unit, value, baseline, bar), pass: value <= bar }
}

function result(
  name: string,
  unit: string,
  value: number,
  baseline: number,
  bar: number,
): Omit<BenchResult, 'pass'> {
  const rounded = (number: number): number => Number(number.toFixed(3))
  const ratio = Number((value / baseline).toFixed(2))
  return { name: `detection: ${name}`, value: rounded(value), unit, baseline: rounded(baseline), ratio, bar }
}
