import type { Incident } from '../incidents/incident.js'
import { planIncidents } from '../incidents/plan-incidents.js'
import { readScenario } from '../incidents/read-scenario.js'
import type { GeneratorOptions } from '../options.js'

/** What is decided before the first event. */
export interface RunPlan {
  /** When the first events happen, in microseconds since 1970. */
  startUs: number
  /** The scenario's name; undefined without one. */
  scenario: string | undefined
  seed: number
  /** What is going to happen beside the everyday, in the order of time. */
  incidents: readonly Incident[]
}

/** Decides when the traffic starts and what happens in it. @throws {UsageError} when the scenario is wrong. */
export function planRun({ start, seed, scenario }: GeneratorOptions): RunPlan {
  const startUs = start ?? Date.now() * 1_000
  if (scenario === undefined) return { startUs, scenario, seed, incidents: [] }
  const read = readScenario(scenario)
  return { startUs, scenario: read.name, seed, incidents: planIncidents(read, seed, startUs) }
}
