import type { DimensionName } from './dimensions.js'
import type { MeasureName } from './measures.js'

/** A table that statistics can be read from. */
export interface StatsTable {
  name: string
  /** Rows of the table stand for so many seconds; events themselves have no such grain. */
  grainSeconds: number
  /** Column of the time. */
  time: string
  /** What can be split by and filtered by, all at once. */
  dimensions: ReadonlySet<DimensionName>
  /** What can be split by or filtered by, one of them beside the dimensions. */
  facets: ReadonlySet<DimensionName>
  /** Whether it knows users and sessions. */
  hasPeople: boolean
  /** The table with the parts of this one's rows, for the ends of a range that are no whole row here. */
  finer?: StatsTable
}

const none: ReadonlySet<DimensionName> = new Set()
const requests: ReadonlySet<DimensionName> = new Set(['service', 'endpoint', 'method', 'status', 'action'])
const services: ReadonlySet<DimensionName> = new Set(['service'])
const endpoints: ReadonlySet<DimensionName> = new Set(['service', 'endpoint'])
const facets: ReadonlySet<DimensionName> = new Set([
  'server',
  'protocol',
  'device',
  'browser',
  'os',
  'referrer',
])

const minute = { grainSeconds: 60, time: 'minute' } as const
const hour = { grainSeconds: 3600, time: 'hour' } as const

const statsByMinute: StatsTable = {
  ...minute,
  name: 'stats_by_minute',
  dimensions: requests,
  facets: none,
  hasPeople: true,
}
const servicesByMinute: StatsTable = {
  ...minute,
  name: 'services_by_minute',
  dimensions: services,
  facets: none,
  hasPeople: true,
}
const facetsByMinute: StatsTable = {
  ...minute,
  name: 'facets_by_minute',
  dimensions: services,
  facets,
  hasPeople: false,
}

const totalsByMinute: StatsTable = {
  ...minute,
  name: 'totals_by_minute',
  dimensions: none,
  facets: none,
  hasPeople: true,
}

const endpointsByMinute: StatsTable = {
  ...minute,
  name: 'endpoints_by_minute',
  dimensions: endpoints,
  facets: none,
  hasPeople: false,
}

/** The rollups, those with the fewest rows for a question first. */
export const rollups: readonly StatsTable[] = [
  { ...totalsByMinute, ...hour, name: 'totals_by_hour', finer: totalsByMinute },
  { ...servicesByMinute, ...hour, name: 'services_by_hour', finer: servicesByMinute },
  { ...facetsByMinute, ...hour, name: 'facets_by_hour', finer: facetsByMinute },
  { ...statsByMinute, ...hour, name: 'stats_by_hour', finer: statsByMinute },
  totalsByMinute,
  servicesByMinute,
  endpointsByMinute,
  facetsByMinute,
  statsByMinute,
]

const peopleMeasures: ReadonlySet<MeasureName> = new Set(['users', 'sessions'])

/** Whether a table can give such measures. */
export function canMeasure(table: StatsTable, wanted: readonly MeasureName[]): boolean {
  return table.hasPeople || !wanted.some((name) => peopleMeasures.has(name))
}
