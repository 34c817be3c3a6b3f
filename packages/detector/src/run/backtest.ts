import type { Clickhouse } from '@pulsehouse/platform'
import type { Incident } from '../incidents/incident.js'
import type { Minute } from '../minutes/minute.js'
import { MinuteReader } from '../minutes/read-minutes.js'
import type { Rules } from '../rules/rules.js'
import { Judge } from './judge.js'

const daySeconds = 86_400

/** Which past is judged again, and by which rules. */
export interface BacktestParts {
  clickhouse: Clickhouse
  rules: Rules
  /** Seconds since 1970, whole minutes. What lies before, as far as the rules ask for, is learned from. */
  fromSeconds: number
  toSeconds: number
  /** Told of progress, a line now and then. */
  report?: (line: string) => void
}

/** Judges the past as the detector would have; nothing is written. @returns the incidents, the earliest first. */
export async function backtest(past: BacktestParts): Promise<Incident[]> {
  const judge = new Judge(past.rules)
  const incidents = new Map<string, Incident>()
  for await (const minute of readPast(past)) {
    if (minute.seconds < past.fromSeconds) judge.learn(minute)
    else for (const { incident } of judge.add(minute).changes) incidents.set(incident.id, incident)
  }
  return [...incidents.values()]
}

/** The minutes of the past, and of what is learned from before it. */
export async function* readPast({
  clickhouse,
  rules,
  fromSeconds,
  toSeconds,
  report,
}: BacktestParts): AsyncGenerator<Minute> {
  const startSeconds = fromSeconds - rules.history_days * daySeconds
  for await (const minute of new MinuteReader(clickhouse, rules).readPast(startSeconds, toSeconds)) {
    if (minute.seconds % daySeconds === 0)
      report?.(`reading ${new Date(minute.seconds * 1000).toISOString().slice(0, 10)}`)
    yield minute
  }
}
