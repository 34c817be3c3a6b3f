import { drawSpan, startUs, type Line } from './draw.js'
import type { IncidentKind } from '../src/incidents/incident-kind.js'
import type { Incident } from '../src/incidents/incident.js'
import { planIncidents } from '../src/incidents/plan-incidents.js'

/** When the incident under test happens, and how long the traffic is drawn, in seconds. */
export const staged = { atS: 300, durationS: 420, drawnS: 1_200 } as const

/** What an incident did to the traffic, found by comparing it with the same traffic without it. */
export interface Comparison {
  /** Events that the incident brought. */
  added: Line[]
  /** Events that it let vanish. */
  gone: Line[]
  /** Events that it changed. */
  changed: { from: Line; to: Line }[]
  /** Everyday events in its time, as they would have been. */
  everyday: Line[]
}

const everydays = new Map<number, string[]>()

/** Plans one incident at the usual time. */
export function planOne(
  kind: IncidentKind,
  parameters: Record<string, unknown> = {},
  seed = 7,
): readonly Incident[] {
  const { atS, durationS } = staged
  return planIncidents({ incidents: [{ kind, atS, durationS, parameters }], draw: undefined }, seed, startUs)
}

/** Draws traffic with and without an incident and compares them event by event. */
export function compare(
  kind: IncidentKind,
  parameters: Record<string, unknown> = {},
  ratePerS = 10,
): Comparison {
  const calm = everydays.get(ratePerS) ?? drawSpan(staged.drawnS, { ratePerS })
  everydays.set(ratePerS, calm)
  const eventful = drawSpan(staged.drawnS, { ratePerS, incidents: planOne(kind, parameters) })
  const [before, after] = [byId(calm), byId(eventful)]
  const both = [...before].filter(([id]) => after.has(id))
  return {
    added: parse([...after].filter(([id]) => !before.has(id))),
    gone: parse([...before].filter(([id]) => !after.has(id))),
    changed: both
      .filter(([id, line]) => after.get(id) !== line)
      .map(([id, line]) => ({ from: JSON.parse(line) as Line, to: JSON.parse(after.get(id) ?? '') as Line })),
    everyday: parse([...before]).filter(isWithin),
  }
}

/** Whether an event lies in the incident's time. */
export function isWithin({ timestamp }: Line): boolean {
  const atS = (Date.parse(timestamp) - startUs / 1_000) / 1_000
  return atS >= staged.atS && atS < staged.atS + staged.durationS
}

function byId(lines: readonly string[]): Map<string, string> {
  return new Map(lines.map((line) => [/"request_id":"(\w+)"/.exec(line)?.[1] ?? '', line]))
}

function parse(entries: readonly [string, string][]): Line[] {
  return entries.map(([, line]) => JSON.parse(line) as Line)
}
