/** How things stand, from best to worst. */
export const verdicts = ['ok', 'degraded', 'down'] as const

/** How things stand. */
export type Verdict = (typeof verdicts)[number]

/** What happened in a span of time. */
export interface Load {
  events: number
  events_per_second: number
  /** 0 to 1; null without events. */
  error_ratio: number | null
  /** Milliseconds; null where it was not measured. */
  response_time_p95: number | null
  users: number
}

/** What was found, in words, and how bad it is. */
export interface Finding {
  verdict: Exclude<Verdict, 'ok'>
  reason: string
}

/** From when on something is a finding. */
export const thresholds = {
  /** With fewer events than these in a span nothing is judged: ratios of a few events say little. */
  eventsMin: 100,
  /** Errors by events: from here on it is down. */
  errorRatioDown: 0.5,
  /** From here on it is degraded, whatever it was before. */
  errorRatioDegraded: 0.1,
  /** From here on it is degraded when it has grown by `growth`. */
  errorRatioNoticed: 0.02,
  /** The 95th percentile of the response time is slow from here on when it has grown by `growth`, milliseconds. */
  responseTimeNoticedMs: 500,
  /** So many times what it was before. */
  growth: 2,
  /** Events by those of the span before: below it is degraded. */
  rateDrop: 0.5,
  /** The oldest event that waits to be stored has waited so long: degraded, and down, seconds. */
  lagDegradedSeconds: 30,
  lagDownSeconds: 300,
} as const

const t = thresholds
const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`

/**
 * What is wrong with a service, or with all of them.
 *
 * @param now the last five minutes.
 * @param before the five minutes before them.
 * @param hour the last hour, which tells silence from a quiet time.
 */
export function findingsOf(what: string, now: Load, before: Load, hour: Load): Finding[] {
  if (now.events === 0) {
    if (hour.events < t.eventsMin) return []
    const reason = `${what}: no event in the last 5 minutes, and ${hour.events} in the last hour.`
    return [{ verdict: 'down', reason }]
  }
  return [...errorFinding(what, now, before), ...slowness(what, now, before), ...drop(what, now, before)]
}

function errorFinding(what: string, now: Load, before: Load): Finding[] {
  if (now.events < t.eventsMin) return []
  const [ratio, earlier] = [now.error_ratio ?? 0, before.error_ratio ?? 0]
  const grown = ratio >= t.errorRatioNoticed && ratio >= t.growth * earlier && before.events >= t.eventsMin
  if (ratio < t.errorRatioDegraded && !grown) return []
  const reason = `${what}: ${percent(ratio)} of the events are errors; in the 5 minutes before it was ${percent(earlier)}.`
  return [{ verdict: ratio >= t.errorRatioDown ? 'down' : 'degraded', reason }]
}

function slowness(what: string, now: Load, before: Load): Finding[] {
  const [p95, earlier] = [now.response_time_p95, before.response_time_p95]
  if (now.events < t.eventsMin || before.events < t.eventsMin || p95 === null || earlier === null) return []
  if (p95 < t.responseTimeNoticedMs || p95 < t.growth * earlier) return []
  const reason = `${what}: 5 % of the answers take longer than ${Math.round(p95)} ms; in the 5 minutes before it was ${Math.round(earlier)} ms.`
  return [{ verdict: 'degraded', reason }]
}

function drop(what: string, now: Load, before: Load): Finding[] {
  if (before.events < t.eventsMin || now.events >= t.rateDrop * before.events) return []
  const reason = `${what}: ${now.events} events in 5 minutes, after ${before.events} in the 5 minutes before.`
  return [{ verdict: 'degraded', reason }]
}

/** What is wrong with the way from the queue to the tables. @param seconds how long the oldest event has waited. */
export function lagFindings(seconds: number): Finding[] {
  if (seconds < t.lagDegradedSeconds) return []
  const reason = `The ingester is behind: the oldest event in the queue has waited for ${Math.round(seconds)} s to be stored.`
  return [{ verdict: seconds >= t.lagDownSeconds ? 'down' : 'degraded', reason }]
}

/** The worst of some findings; without any, all is well. */
export function worstOf(findings: readonly { verdict: Verdict }[]): Verdict {
  return verdicts[Math.max(0, ...findings.map(({ verdict }) => verdicts.indexOf(verdict)))] ?? 'ok'
}
