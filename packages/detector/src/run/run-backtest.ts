import { clickhouseUrlOf, connectClickhouse } from '@pulsehouse/platform'
import type { Incident } from '../incidents/incident.js'
import type { DetectorTask } from '../options.js'
import type { Rules } from '../rules/rules.js'
import { backtest } from './backtest.js'
import { suggestEvidence } from './suggest-evidence.js'

const daySeconds = 86_400

/** `npm run detect -- backtest`: prints how often each rule would have fired, and on what. */
export async function runBacktest(
  options: Extract<DetectorTask, { task: 'backtest' }>,
  rules: Rules,
  report: (line: string) => void,
): Promise<void> {
  const { from: fromSeconds, to: toSeconds, alertsADay, json } = options
  const clickhouse = connectClickhouse({
    url: clickhouseUrlOf(options),
    application: 'pulsehouse-backtest',
    requestTimeoutMs: 300_000,
  })
  try {
    await clickhouse.reach()
    const past = { clickhouse, rules, fromSeconds, toSeconds, report }
    const incidents = await backtest(past)
    const days = (toSeconds - fromSeconds) / daySeconds
    const suggestions = alertsADay === undefined ? undefined : await suggestEvidence(past, alertsADay * days)
    const findings = incidents.flatMap((incident) => incident.findings)
    const fired = [...new Set(findings.map(({ rule }) => rule))].toSorted().map((rule) => {
      const of = findings.filter((finding) => finding.rule === rule)
      return { rule, findings: of.length, aDay: of.length / days }
    })
    process.stdout.write(
      json
        ? `${JSON.stringify({ days, fired, incidents, suggestions })}\n`
        : textOf(days, fired, incidents, suggestions),
    )
  } finally {
    await clickhouse.close()
  }
}

function textOf(
  days: number,
  fired: readonly { rule: string; findings: number; aDay: number }[],
  incidents: readonly Incident[],
  suggestions: Record<string, number> | undefined,
): string {
  const lines = incidents.map(({ startedSeconds, endedSeconds, severity, title, summary }) =>
    [
      timeOf(startedSeconds),
      endedSeconds === undefined ? 'goes on' : `to ${timeOf(endedSeconds).slice(11)}`,
      severity.padEnd(8),
      title,
      '–',
      summary,
    ].join(' '),
  )
  const rules = fired.map(
    ({ rule, findings, aDay }) =>
      `${rule.padEnd(24)} ${String(findings).padStart(5)} ${aDay.toFixed(2).padStart(8)} a day`,
  )
  const wanted = Object.entries(suggestions ?? {}).map(
    ([rule, evidence]) => `${rule.padEnd(24)} evidence: ${evidence.toFixed(1)}`,
  )
  return [
    ...lines,
    `${incidents.length} incidents in ${days.toFixed(1)} days`,
    ...rules,
    ...(wanted.length === 0 ? [] : ['For the wanted number of alerts a day:', ...wanted]),
    '',
  ].join('\n')
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')
}
