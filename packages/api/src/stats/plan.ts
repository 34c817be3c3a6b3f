import { dimensions, type DimensionName } from './dimensions.js'
import type { MeasureName } from './measures.js'
import { canMeasure, rollups, type StatsTable } from './tables.js'

/** A question about the events of a time range. */
export interface Question {
  /** Start, included, and end, not included: whole minutes, seconds since 1970. */
  fromSeconds: number
  toSeconds: number
  /** How long the time of one row of the answer is, whole minutes in seconds; undefined when all of the range is one. */
  stepSeconds: number | undefined
  groupBy: readonly DimensionName[]
  measures: readonly MeasureName[]
  /** Names of the filters that are given. */
  filters: readonly string[]
}

/** A part of the range, and the rollup that it is read from. */
export interface Slice {
  table: StatsTable
  fromSeconds: number
  toSeconds: number
}

/** How a question is answered. */
export type Plan =
  | { kind: 'rollup'; slices: readonly Slice[]; facet: DimensionName | undefined }
  /** From the events themselves. */
  | { kind: 'events' }

/**
 * Chooses the coarsest table that answers a question exactly. Where the ends of the range are no whole hours, the hours
 * between are read from the hours and the ends from the minutes.
 */
export function planFor(question: Question): Plan {
  for (const table of rollups) {
    const facet = facetFor(table, question)
    if (facet === 'none fits' || !canMeasure(table, question.measures)) continue
    if (question.stepSeconds !== undefined && question.stepSeconds % table.grainSeconds !== 0) continue
    const slices = slicesOf(table, question)
    if (slices !== undefined) return { kind: 'rollup', slices, facet }
  }
  return { kind: 'events' }
}

/** Names of the tables that a plan reads. */
export function tablesOf(plan: Plan): string[] {
  return plan.kind === 'events' ? ['logs'] : [...new Set(plan.slices.map(({ table }) => table.name))]
}

/** Which facet of a table a question is about; undefined when it is about none of them and the table needs none. */
function facetFor(table: StatsTable, question: Question): DimensionName | undefined | 'none fits' {
  const names = [...new Set([...question.groupBy, ...question.filters])]
  const beside = names.filter((name) => !table.dimensions.has(name as DimensionName))
  const [facet] = beside
  if (table.facets.size === 0) return facet === undefined ? undefined : 'none fits'
  const fits = facet !== undefined && beside.length === 1 && facet in dimensions
  return fits && table.facets.has(facet as DimensionName) ? (facet as DimensionName) : 'none fits'
}

/** The parts of a range by the table and the finer one; undefined when the table has no whole row in it. */
function slicesOf(table: StatsTable, { fromSeconds, toSeconds }: Question): Slice[] | undefined {
  const { finer, grainSeconds } = table
  const first = Math.ceil(fromSeconds / grainSeconds) * grainSeconds
  const last = Math.floor(toSeconds / grainSeconds) * grainSeconds
  if (finer === undefined) return [{ table, fromSeconds, toSeconds }]
  if (first >= last) return undefined
  return [
    { table: finer, fromSeconds, toSeconds: first },
    { table, fromSeconds: first, toSeconds: last },
    { table: finer, fromSeconds: last, toSeconds },
  ].filter((slice) => slice.fromSeconds < slice.toSeconds)
}
