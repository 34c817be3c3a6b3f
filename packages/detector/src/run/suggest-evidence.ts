import type { Rules } from '../rules/rules.js'
import { readPast, type BacktestParts } from './backtest.js'
import { Judge } from './judge.js'

/** No rule is advised to ask for less: two minutes of chance reach that. */
const evidenceLeast = 4
/** No run accumulates so much: while runs are measured, nothing is found. */
const never = 1_000_000

/**
 * Says how much evidence each rule about series should ask for, so that it would have fired so often in the past.
 *
 * @param wanted how often each rule may have fired in that time.
 */
export async function suggestEvidence(past: BacktestParts, wanted: number): Promise<Record<string, number>> {
  const heights = new Map<string, Map<string, number>>()
  let judging = false
  const judge = new Judge(measuring(past.rules), (rule, run, evidence) => {
    if (!judging) return
    const runs = heights.get(rule) ?? new Map<string, number>()
    runs.set(run, Math.max(runs.get(run) ?? 0, evidence))
    heights.set(rule, runs)
  })
  for await (const minute of readPast(past)) {
    judging = minute.seconds >= past.fromSeconds
    judge.learn(minute)
  }
  return Object.fromEntries(
    Object.keys(past.rules.series).map((rule) => {
      const highest = [...(heights.get(rule)?.values() ?? [])].toSorted((a, b) => b - a)
      // Just above the first run that would be one too many.
      const next = highest[Math.floor(wanted)] ?? 0
      return [rule, Math.max(evidenceLeast, Math.round(next * 10 + 1) / 10)]
    }),
  )
}

function measuring(rules: Rules): Rules {
  const series = Object.entries(rules.series).map(
    ([name, rule]) => [name, { ...rule, evidence: never }] as const,
  )
  return { ...rules, series: Object.fromEntries(series) }
}
