import { UsageError } from '@pulsehouse/platform'
import type { Rules } from '../rules/rules.js'
import { readPast, type BacktestParts } from './backtest.js'
import { Judge } from './judge.js'

/** No rule is advised to ask for less: two minutes of chance reach that. */
const evidenceLeast = 4
/** No run accumulates so much: while runs are measured, nothing is found. */
const never = 1_000_000
/** What begins within so long of each other, in whatever series, is told as one. */
const togetherSeconds = 1_800
/** A shorter past says nothing of what happens in a day. */
const pastLeastSeconds = 86_400

/** When a run of deviations began, and what it had accumulated at its height. */
interface Peak {
  startedSeconds: number
  evidence: number
}

/**
 * Says how much evidence each rule about series should ask for, so that it would have fired so often in the past.
 *
 * @param wanted how often each rule may have fired in that time.
 * @throws {UsageError} when the past is too short, or has no events.
 */
export async function suggestEvidence(past: BacktestParts, wanted: number): Promise<Record<string, number>> {
  if (past.toSeconds - past.fromSeconds < pastLeastSeconds)
    throw new UsageError('--alerts-a-day wants a day between --from and --to at least.')
  const peaks = new Map<string, Map<number, number>>()
  let judging = false
  let minutes = 0
  const judge = new Judge(measuring(past.rules), (rule, startedSeconds, evidence) => {
    if (!judging) return
    const runs = peaks.get(rule) ?? new Map<number, number>()
    runs.set(startedSeconds, Math.max(runs.get(startedSeconds) ?? 0, evidence))
    peaks.set(rule, runs)
  })
  for await (const minute of readPast(past)) {
    judging = minute.seconds >= past.fromSeconds
    if (judging) minutes += 1
    judge.learn(minute)
  }
  if (minutes === 0) throw new UsageError('There are no events in that time: nothing can be suggested.')
  return Object.fromEntries(
    Object.keys(past.rules.series).map((rule) => [rule, enoughFor(wanted, firingsOf(peaks.get(rule)))]),
  )
}

/** Just above the first firing that would be one too many. */
function enoughFor(wanted: number, firings: readonly Peak[]): number {
  const heights = firings.map(({ evidence }) => evidence).toSorted((a, b) => b - a)
  return Math.max(evidenceLeast, Math.round((heights[Math.floor(wanted)] ?? 0) * 10 + 1) / 10)
}

function firingsOf(runs: ReadonlyMap<number, number> = new Map()): Peak[] {
  const firings: Peak[] = []
  for (const [startedSeconds, evidence] of [...runs].toSorted(([a], [b]) => a - b)) {
    const last = firings.at(-1)
    if (last === undefined || startedSeconds - last.startedSeconds > togetherSeconds)
      firings.push({ startedSeconds, evidence })
    else last.evidence = Math.max(last.evidence, evidence)
  }
  return firings
}

function measuring(rules: Rules): Rules {
  const series = Object.entries(rules.series).map(
    ([name, rule]) => [name, { ...rule, evidence: never }] as const,
  )
  return { ...rules, series: Object.fromEntries(series) }
}
