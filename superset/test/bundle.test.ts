import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { bundle } from '../src/bundle.js'

/** As much of an asset as these tests look at. */
interface Asset {
  uuid?: string
  database_uuid?: string
  dataset_uuid?: string
  table_name?: string
  slice_name?: string
  description?: string
  slug?: string
  params?: Record<string, unknown>
  columns?: { column_name: string; expression?: string }[]
  metrics?: { metric_name: string; verbose_name: string; expression: string }[]
  position?: Record<string, Component>
  metadata?: { native_filter_configuration: NativeFilter[] }
}

interface Component {
  type: string
  children: string[]
  meta: { uuid: string; chartId: number; width: number; sliceName: string }
}

interface NativeFilter {
  filterType: string
  targets: { datasetUuid?: string; column?: { name: string } }[]
  scope: { excluded: number[] }
}

const files = bundle()
const of = (kind: string): Asset[] =>
  files
    .filter(({ path }) => path.startsWith(`${kind}/`))
    .map(({ text }) => parse(text, { version: '1.1' }) as Asset)
const [databases, datasets, charts, dashboards] = [
  of('databases'),
  of('datasets'),
  of('charts'),
  of('dashboards'),
]
const byUuid = (assets: readonly Asset[]) => new Map(assets.map((asset) => [asset.uuid ?? '', asset]))
const datasetOf = byUuid(datasets)
const chartOf = byUuid(charts)

const componentsOf = (dashboard: Asset, type: string): Component[] =>
  Object.values(dashboard.position ?? {}).filter((component) => component.type === type)

const namesOf = (dataset: Asset | undefined) => ({
  columns: (dataset?.columns ?? []).map(({ column_name: name }) => name),
  metrics: (dataset?.metrics ?? []).map(({ metric_name: name }) => name),
})

/** What a chart's parameters name, as a list. */
const listed = (params: Record<string, unknown>, ...keys: string[]): string[] =>
  keys.flatMap((key) => params[key] ?? []).map(String)

test('every file has its own path, and every asset its own uuid', () => {
  const paths = files.map(({ path }) => path)
  expect(new Set(paths).size).toBe(paths.length)
  const uuids = [...databases, ...datasets, ...charts, ...dashboards].map(({ uuid }) => uuid)
  expect(new Set(uuids).size).toBe(uuids.length)
  expect(
    uuids.every((uuid) =>
      /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(uuid ?? ''),
    ),
  ).toBe(true)
  expect(dashboards.map(({ slug }) => slug)).toEqual([
    'performance',
    'errors',
    'behaviour',
    'security',
    'commerce',
    'pipeline',
  ])
})

test.each(datasets.map((dataset) => [dataset.table_name, dataset] as const))(
  'the dataset %s stands on the database, and no name in it hides another',
  (_, dataset) => {
    expect(databases.map(({ uuid }) => uuid)).toContain(dataset.database_uuid)
    const { columns, metrics } = namesOf(dataset)
    const names = [...columns, ...metrics]
    expect(new Set(names).size).toBe(names.length)
    // ClickHouse would take a metric of a column's name for the column, within the metric itself.
    for (const { metric_name: name, expression } of dataset.metrics ?? [])
      expect(expression, name).not.toMatch(new RegExp(`\\b${name}\\b`))
    for (const { column_name: name, expression } of dataset.columns ?? [])
      expect(expression ?? '', name).not.toMatch(new RegExp(`\\b${name}\\b`))
  },
)

test.each(charts.map((chart) => [chart.slice_name, chart] as const))(
  'the chart "%s" asks a question, for what its dataset has',
  (_, chart) => {
    expect(chart.description).toMatch(/\?/)
    const { columns, metrics } = namesOf(datasetOf.get(chart.dataset_uuid ?? ''))
    const params = chart.params ?? {}
    const used = listed(params, 'metric', 'metrics', 'metrics_b', 'timeseries_limit_metric')
    expect(used.length).toBeGreaterThan(0)
    for (const metric of used) expect(metrics).toContain(metric)
    for (const column of listed(params, 'groupby', 'x_axis', 'source', 'target'))
      expect(columns).toContain(column)
    const conditions = params['adhoc_filters'] as { subject?: string; sqlExpression?: string }[]
    for (const { subject } of conditions) if (subject !== undefined) expect(columns).toContain(subject)
  },
)

describe.each(dashboards.map((dashboard) => [dashboard.slug, dashboard] as const))('%s', (_, dashboard) => {
  const placed = componentsOf(dashboard, 'CHART')

  test('has 8 to 21 charts, each of them once', () => {
    expect(placed.length).toBeGreaterThanOrEqual(8)
    expect(placed.length).toBeLessThanOrEqual(21)
    expect(new Set(placed.map(({ meta }) => meta.uuid)).size).toBe(placed.length)
    expect(new Set(placed.map(({ meta }) => meta.chartId)).size).toBe(placed.length)
    for (const { meta } of placed) expect(chartOf.get(meta.uuid)?.slice_name).toBe(meta.sliceName)
  })

  test('fills its rows, and no chart is too broad for a phone', () => {
    for (const row of componentsOf(dashboard, 'ROW')) {
      const widths = row.children.map((id) => dashboard.position?.[id]?.meta.width ?? 0)
      expect(widths.reduce((sum, width) => sum + width, 0)).toBe(12)
      expect([...widths.filter((width) => width <= 8), 12]).toEqual(expect.arrayContaining(widths))
    }
  })

  test('has filters that reach the charts whose dataset has the column, and no others', () => {
    for (const { filterType, targets, scope } of dashboard.metadata?.native_filter_configuration ?? []) {
      const [{ column, datasetUuid } = {}] = targets
      if (datasetUuid !== undefined) expect(datasetOf.has(datasetUuid)).toBe(true)
      if (filterType !== 'filter_select') continue
      const reached = placed.filter(({ meta }) => !scope.excluded.includes(meta.chartId))
      expect(reached.length).toBeGreaterThan(0)
      for (const { meta } of placed) {
        const { columns } = namesOf(datasetOf.get(chartOf.get(meta.uuid)?.dataset_uuid ?? ''))
        expect(columns.includes(column?.name ?? ''), meta.sliceName).toBe(
          reached.some((other) => other.meta === meta),
        )
      }
    }
  })
})
