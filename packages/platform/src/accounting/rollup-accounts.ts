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

/** Compares every rollup with the raw rows, step of time by step of time. @param underWay what may be counted or not. */
export function accountsOf(sums: readonly RollupSums[], underWay: EventsUnderWay): RollupAccounts {
  const found = accountedRollups.map((rollup, place) => ({
    rollup,
    sum: sums.find((each) => each.target === place),
  }))
  return {
    rollups: found.map(({ rollup: { table, perEvent }, sum }) => ({
      table,
      expected: (sum?.expected ?? 0) / perEvent,
      counted: Math.round((sum?.counted ?? 0) / perEvent),
    })),
    faults: found.flatMap(({ rollup, sum }) =>
      sum === undefined ? [] : faultsOf(rollup, sum, rowsUnderWay(rollup, underWay)),
    ),
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

function faultsOf(
  rollup: AccountedRollup,
  { differing, differingTimes }: RollupSums,
  underWay: ReadonlyMap<number, number>,
): AccountingFault[] {
  const cut = differingTimes > differingTimesMax
  const off = differing.map(([time, expected, counted]) => ({
    time,
    missing: Math.max(expected - counted, 0),
    doubled: Math.max(counted - expected - (underWay.get(time) ?? 0), 0),
  }))
  return (['missing', 'doubled'] as const).flatMap((kind) => {
    const steps = off.filter((step) => step[kind] > 0).map((step) => ({ time: step.time, rows: step[kind] }))
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
  const times = `${steps.length} ${time}${steps.length === 1 ? '' : 's'}`
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
