import type { Sighting } from '../findings/sighting.js'
import type { SeriesRule } from '../rules/rules.js'
import { metrics } from './metrics.js'
import type { Judgement } from './watched-series.js'

/** What takes so long to be noticed has come slowly. */
const slowMinutes = 30

/** A series rule's words for what it sees. */
export function sightingOf(
  name: string,
  rule: SeriesRule,
  judgement: Judgement,
  run: { startedSeconds: number; lastSeconds: number; minutes: number; effect: number },
): Sighting {
  const { sample, observed, expected = 0, low = 0, high = 0, deviation, score } = judgement
  const { says, unit, nature } = metrics[sample.metric]
  const { service, endpoint, metric } = sample
  const kind = kindOf(rule, run, judgement)
  const critical = rule.critical_effect !== undefined && run.effect >= rule.critical_effect
  const times = run.effect >= 1 ? `${inWords(run.effect)} times` : `${percent(run.effect)} of`
  return {
    rule: name,
    kind,
    severity: critical ? 'critical' : rule.severity,
    service,
    endpoint,
    entity: undefined,
    metric,
    unit,
    startedSeconds: run.startedSeconds,
    lastSeconds: run.lastSeconds,
    observed,
    expected,
    expectedLow: low,
    expectedHigh: high,
    baseline:
      nature === 'ratio'
        ? 'the share of the last day'
        : 'the median of the same five minutes of the day, and those beside them, of the last seven days',
    score: Math.max(score, Math.abs(deviation)),
    title: `${titles[kind] ?? kind}${placeOf(service, endpoint)}`,
    summary:
      `${valueOf(observed, unit)} ${says}${placeOf(service, endpoint)}, expected ${valueOf(expected, unit)} ` +
      `(${valueOf(low, unit)} to ${valueOf(high, unit)}). Of the last ${run.minutes} min together: ${times} what is usual.`,
  }
}

/** What a rule's finding is called, by how it came and how far it goes. */
function kindOf(
  rule: SeriesRule,
  run: { minutes: number },
  { sample, observed }: Judgement,
): SeriesRule['kind'] {
  if (rule.kind === 'latency_regression' && run.minutes >= slowMinutes) return 'slow_degradation'
  // A minute is only judged when the ingester has kept up: the pipeline works, and nothing was sent.
  return rule.kind === 'traffic_drop' && sample.service === '' && observed === 0 ? 'no_events' : rule.kind
}

const titles: Partial<Record<SeriesRule['kind'], string>> = {
  latency_regression: 'Slower responses',
  slow_degradation: 'Responses getting slower',
  error_burst: 'Server errors',
  traffic_drop: 'Traffic has dropped',
  traffic_surge: 'More traffic than usual',
  checkout_failures: 'Orders fail',
  login_failures: 'Logins of many users fail',
  credential_stuffing: 'Logins of many users fail: somebody may be trying stolen passwords',
  outlying_carts: 'Carts far larger than usual',
  no_events: 'No events arrive, though the pipeline works',
}

function placeOf(service: string, endpoint: string): string {
  if (endpoint !== '') return ` at ${endpoint} (${service})`
  return service === '' ? '' : ` in ${service}`
}

function valueOf(value: number, unit: string): string {
  if (unit === 'ratio') return percent(value)
  return unit === 'ms' ? `${inWords(value)} ms` : inWords(value)
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(ratio < 0.1 ? 1 : 0)} %`
}

function inWords(value: number): string {
  return value >= 10 ? String(Math.round(value)) : value.toFixed(1)
}
