import type { AccountingFault } from './accounting-fault.js'
import { accountedRollups, measures, type AccountedRollup } from './accounted-rollups.js'
import { differingTimesMax, type EventsUnderWay, type RollupSums } from './rollup-queries.js'

/** What a rollup counts, and what it must. */
export interface RollupAccount {
  table: string
  /** Events of `logs` that it must have: those that are committed. */
  expected: number
  /** Events that it has; more than it must while some are under way. */
  counted: number
}

/** The accounts of all rollups, and where they differ from the raw rows. */
export interface RollupAccounts {
  rollups: RollupAccount[]
  faults: AccountingFault[]
}

const stepSeconds = { minute: 60, hour: 3_600 } as const

/** What one query said of all rollups, and what could not be told by it. */
export interface RollupReading {
  sums: readonly RollupSums[]
  /** What may be counted or not. */
  underWay: EventsUnderWay
}

/** A step of time in which a rollup differs. */
interface DifferingStep {
  time: number
  missing: number
  doubled: number
}

/** Compares every rollup with the raw rows, step of time by step of time. @param readings each of other days. */
export function accountsOf(readings: readonly RollupReading[]): RollupAccounts {
  const accounts = accountedRollups.map((rollup, place) => accountOf(rollup, place, readings))
  return {
    rollups: accounts.map(({ account }) => account),
    faults: accounts.flatMap(({ faults }) => faults),
  }
}

function accountOf(
  rollup: AccountedRollup,
  place: number,
  readings: readonly RollupReading[],
): { account: RollupAccount; faults: AccountingFault[] } {
  const { table, perEvent } = rollup
  const found = readings.flatMap(({ sums, underWay }) =>
    sums.filter(({ target }) => target === place).map((sum) => ({ sum, underWay })),
  )
  const total = (count: 'expected' | 'counted'): number =>
    Math.round(found.reduce((events, { sum }) => events + sum[count], 0) / perEvent)
  const off = found.flatMap(({ sum, underWay }) => differingSteps(sum, rowsUnderWay(rollup, underWay)))
  const cut = found.some(({ sum }) => sum.differingTimes > differingTimesMax)
  return {
    account: { table, expected: total('expected'), counted: total('counted') },
    faults: faultsOf(rollup, off, cut),
  }
}

/** Rows that may be in a rollup or not, by the step of time that they are in. */
function rowsUnderWay(
  { time, measure, perEvent }: AccountedRollup,
  { minutes }: EventsUnderWay,
): Map<number, number> {
  const column = Object.keys(measures).indexOf(measure) + 1
  const rows = new Map<number, number>()
  for (const minute of minutes) {
    const step = Math.floor((minute[0] ?? 0) / stepSeconds[time]) * stepSeconds[time]
    rows.set(step, (rows.get(step) ?? 0) + (minute[column] ?? 0) * perEvent)
  }
  return rows
}

function differingSteps({ differing }: RollupSums, underWay: ReadonlyMap<number, number>): DifferingStep[] {
  return differing.map(([time, expected, counted]) => ({
    time,
    missing: Math.max(expected - counted, 0),
    doubled: Math.max(counted - expected - (underWay.get(time) ?? 0), 0),
  }))
}

function faultsOf(rollup: AccountedRollup, off: readonly DifferingStep[], cut: boolean): AccountingFault[] {
  return (['missing', 'doubled'] as const).flatMap((kind) => {
    const steps = off
      .filter((step) => step[kind] > 0)
      .map((step) => ({ time: step.time, rows: step[kind] }))
      .toSorted((a, b) => a.time - b.time)
    return steps.length === 0 ? [] : [faultOf(rollup, kind, steps, cut)]
  })
}

function faultOf(
  { table, time, perEvent }: AccountedRollup,
  kind: 'missing' | 'doubled',
  steps: readonly { time: number; rows: number }[],
  cut: boolean,
): AccountingFault {
  const rows = steps.reduce((sum, step) => sum + step.rows, 0)
  const [first, last] = [isoOf(steps[0]?.time), isoOf(steps.at(-1)?.time)]
  const often = perEvent === 1 ? '' : ` (${perEvent} rows an event)`
  const different = new Set(steps.map((step) => step.time)).size
  const times = `${different} ${time}${different === 1 ? '' : 's'}`
  const more = cut ? '; more times differ than are listed' : ''
  const words = kind === 'missing' ? 'misses' : 'has too many:'
  return {
    kind: 'rollup',
    range: null,
    times: { first, last },
    detail: `${table} ${words} ${rows} events${often} in ${times}${more}`,
  }
}

function isoOf(seconds = 0): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
