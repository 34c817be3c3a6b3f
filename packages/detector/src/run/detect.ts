import { setTimeout as delay } from 'node:timers/promises'
import type { Clickhouse, Logger } from '@pulsehouse/platform'
import { explain } from '../findings/explain.js'
import type { Finding } from '../findings/finding.js'
import type { FindingStore } from '../findings/finding-store.js'
import { changesWritten } from '../incidents/incident-book.js'
import type { IncidentChange } from '../incidents/incident.js'
import type { Minute } from '../minutes/minute.js'
import { knownMinutes } from '../minutes/known-minutes.js'
import { wholeMinute } from '../minutes/whole-minute.js'
import { MinuteReader } from '../minutes/read-minutes.js'
import type { Rules } from '../rules/rules.js'
import type { ExpectationStore } from '../watch/expectation-store.js'
import type { Claim } from './claim.js'
import { Judge } from './judge.js'

const minuteSeconds = 60
const daySeconds = 86_400
const pauseMs = 500
/** A minute that is judged so long after its time was missed: the detector was away. */
const lateSeconds = 300

/** What the detector works with. */
export interface DetectParts {
  rules: Rules
  /** To read with. */
  clickhouse: Clickhouse
  findings: FindingStore
  expectations: ExpectationStore
  /** Tells people; the same change, told again, is told once. */
  tell: (changes: readonly IncidentChange[]) => Promise<void>
  /** Makes sure that no other detector judges the same minute. */
  claim: Claim
  /** How long the oldest event that is not stored yet has waited, seconds. */
  ingestLagSeconds: () => Promise<number>
  log: Logger
  /** Milliseconds since 1970. */
  nowMs: () => number
}

/**
 * Judges minute after minute, each when it is closed: its end has passed, late events have been waited for, and the
 * ingester has stored what had arrived by then.
 *
 * Nothing is lost or repeated by a crash. A minute's findings are one INSERT, then its alerts are written down, then its
 * expectations, which say that it is done. At start the past is learned again from the rollups. A minute whose findings are there and whose expectations are not is not judged
 * again: what its findings meant for people stands in them, and the rest of its steps is done.
 *
 * @returns when the signal fires.
 * @throws when ClickHouse refuses, or does not answer: whoever supervises it starts it again.
 */
export async function detect(parts: DetectParts, signal: AbortSignal): Promise<void> {
  const { rules, clickhouse, log } = parts
  const reader = new MinuteReader(clickhouse, rules)
  const judge = new Judge(rules)
  let next = await takeUp(parts, reader, judge)
  log.info(
    { from: new Date(next * 1000).toISOString() },
    'the past is learned: judging every minute when it is closed',
  )
  while (!signal.aborted) {
    const closed = await closedUntil(parts, next)
    if (next >= closed) {
      await delay(pauseMs, undefined, { signal }).catch(() => undefined)
      continue
    }
    const lateBefore = closed - lateSeconds
    for await (const minute of knownMinutes(reader.read(next, closed), lateBefore)) {
      if (signal.aborted) return
      await judgeMinute(parts, judge, minute)
      next = minute.seconds + minuteSeconds
    }
  }
}

/** The end of the last minute that is closed, seconds since 1970. The queue is only asked where the next minute has ended. */
async function closedUntil({ rules, ingestLagSeconds, nowMs }: DetectParts, next: number): Promise<number> {
  const now = nowMs() / 1000
  const ended = now - rules.late_seconds
  if (wholeMinute(ended) <= next) return next
  return wholeMinute(Math.min(ended, now - (await ingestLagSeconds())))
}

/** Learns the past and takes up what was open. @returns the first minute to judge, seconds since 1970. */
async function takeUp(parts: DetectParts, reader: MinuteReader, judge: Judge): Promise<number> {
  const { rules, findings, expectations, tell, log } = parts
  const until = await expectations.judgedUntil()
  const now = wholeMinute(parts.nowMs() / 1000)
  // Whoever starts for the first time judges from now on; a detector that was away catches up, as far as it remembers.
  const ahead = until !== undefined && until >= now
  if (ahead)
    log.warn(
      { until: new Date(until * 1000).toISOString() },
      'minutes to come are marked as judged, so the clock was ahead: judging from now on',
    )
  const first =
    until === undefined || ahead
      ? now
      : Math.max(wholeMinute(until) + minuteSeconds, now - rules.history_days * daySeconds)
  const unfinished = await findings.unfinished(first)
  const changes = changesWritten(first, unfinished)
  const written = unfinished.some(({ judgedSeconds }) => judgedSeconds === first)
  const next = written ? first + minuteSeconds : first
  let learned = 0
  for await (const minute of reader.readPast(first - rules.history_days * daySeconds, next)) {
    const judgements = judge.learn(minute)
    learned += 1
    if (learned % 1_440 === 0) log.info({ days: learned / 1_440 }, 'learning the past')
    if (minute.seconds !== first) continue
    log.info(
      { minute: new Date(first * 1000).toISOString() },
      'finishing a minute that was begun before the stop',
    )
    await tell(changes)
    await expectations.write(first, judgements)
  }
  judge.resume(unfinished)
  return next
}

async function judgeMinute(parts: DetectParts, judge: Judge, minute: Minute): Promise<void> {
  const { findings, expectations, tell, log } = parts
  await parts.claim(minute.seconds)
  const outcome = judge.add(minute)
  const explained = await Promise.all(
    outcome.findings.map(async (finding) => await explainedOrNot(parts, finding)),
  )
  for (const finding of explained) judge.explain(finding)
  await findings.write(explained)
  await tell(changesWritten(minute.seconds, withOthers(outcome.changes, explained)))
  await expectations.write(minute.seconds, outcome.judgements)
  for (const { change, incident } of outcome.changes)
    log.info(
      { change, incident: incident.id, severity: incident.severity, title: incident.title },
      'an incident',
    )
}

/** All findings of the incidents that have changed, the explained versions in place of those that were not yet. */
function withOthers(changes: readonly IncidentChange[], explained: readonly Finding[]): Finding[] {
  const versions = new Map(
    changes.flatMap(({ incident }) => incident.findings.map((finding) => [finding.id, finding])),
  )
  for (const finding of explained) if (versions.has(finding.id)) versions.set(finding.id, finding)
  return [...versions.values()]
}

/** What is over needs no more explanation. A finding without one is better than none: it is told all the same. */
async function explainedOrNot({ clickhouse, log }: DetectParts, finding: Finding): Promise<Finding> {
  if (finding.endedSeconds !== undefined) return finding
  try {
    return await explain(clickhouse, finding)
  } catch (error) {
    log.warn({ err: error, finding: finding.id }, 'a finding could not be explained; it is written without')
    return finding
  }
}
