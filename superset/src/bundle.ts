import { stringify } from 'yaml'
import type { Chart } from './chart.js'
import { chartsOf } from './dashboard.js'
import { dashboardAsset } from './dashboard-asset.js'
import { dashboards } from './dashboards.js'
import { database } from './database.js'
import type { Dataset } from './dataset.js'
import { uuidOf } from './uuid.js'

/** A file of the bundle: its path within superset/assets, and its text. */
export interface AssetFile {
  path: string
  text: string
}

/** Where people find what an asset is made from. */
const source = 'superset/src'

/** Everything that Superset imports. */
export function bundle(): AssetFile[] {
  const charts = unique(dashboards.flatMap(chartsOf))
  const datasets = unique(charts.map(({ dataset }) => dataset))
  return [
    file('metadata', { version: '1.0.0', timestamp: '2026-01-01T00:00:00+00:00' }),
    file(`databases/${database.database_name}`, database),
    ...datasets.map((dataset) =>
      file(`datasets/${database.database_name}/${dataset.name}`, datasetAsset(dataset)),
    ),
    ...charts.map((chart) => file(`charts/${fileNameOf(chart.title)}`, chartAsset(chart))),
    ...dashboards.map((dashboard) => file(`dashboards/${dashboard.slug}`, dashboardAsset(dashboard))),
  ]
}

function file(name: string, content: object): AssetFile {
  const head = `# Made from ${source} by npm run dashboards: edit there.\n`
  return {
    path: `${name.replaceAll(' ', '_')}.yaml`,
    text: head + stringify(content, { lineWidth: 0, version: '1.1' }),
  }
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]

const fileNameOf = (title: string): string =>
  title
    .replaceAll('%', 'percent')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toLowerCase()

function datasetAsset(dataset: Dataset): object {
  return {
    table_name: dataset.name,
    description: dataset.description,
    main_dttm_col: dataset.time === undefined ? null : 'time',
    schema: 'pulsehouse',
    sql: dataset.sql ?? null,
    filter_select_enabled: true,
    normalize_columns: false,
    always_filter_main_dttm: false,
    columns: [
      ...(dataset.time === undefined ? [] : [timeColumn(dataset.time)]),
      ...Object.entries(dataset.columns).map(([name, { label, type, sql }]) => ({
        column_name: name,
        verbose_name: label,
        type: type ?? 'String',
        is_dttm: type?.startsWith('DateTime') ?? false,
        groupby: true,
        filterable: true,
        ...(sql === undefined ? {} : { expression: sql }),
      })),
    ],
    metrics: Object.entries(dataset.metrics).map(([name, metric]) => ({
      metric_name: name,
      verbose_name: metric.label,
      expression: metric.sql,
      description: metric.description,
      d3format: metric.format === '' ? null : metric.format,
    })),
    ...managed(),
    uuid: uuidOf('dataset', dataset.name),
    version: '1.0.0',
    database_uuid: database.uuid,
  }
}

function timeColumn(expression: string): object {
  return {
    column_name: 'time',
    verbose_name: 'Time',
    expression,
    type: 'DateTime',
    is_dttm: true,
    groupby: true,
    filterable: true,
  }
}

function chartAsset({ title, question, dataset, vizType, params }: Chart): object {
  return {
    slice_name: title,
    description: question,
    viz_type: vizType,
    params: { viz_type: vizType, ...params },
    query_context: null,
    cache_timeout: null,
    ...managed(),
    uuid: uuidOf('chart', title),
    version: '1.0.0',
    dataset_uuid: uuidOf('dataset', dataset.name),
  }
}

/** What the repository owns can't be edited in Superset: the next import would undo it. */
function managed(): object {
  return { is_managed_externally: true }
}
