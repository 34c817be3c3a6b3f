import { conditionOf, timeCondition, type Chart } from './chart.js'
import { labelColours } from './colours.js'
import { chartsOf, type Dashboard, type Row } from './dashboard.js'
import { reaches, type Filter } from './filters.js'
import { styles } from './styles.js'
import { aDay, defaultTimeRange } from './time-range.js'
import { uuidOf } from './uuid.js'

const refreshEveryS = 60

/** A dashboard as Superset imports it. */
export function dashboardAsset(dashboard: Dashboard): object {
  return {
    dashboard_title: dashboard.title,
    description: dashboard.description,
    slug: dashboard.slug,
    css: styles,
    published: true,
    position: positionOf(dashboard),
    metadata: metadataOf(dashboard),
    is_managed_externally: true,
    uuid: uuidOf('dashboard', dashboard.slug),
    version: '1.0.0',
  }
}

function positionOf(dashboard: Dashboard): object {
  const all = chartsOf(dashboard)
  const rowIds = dashboard.rows.map((_, index) => `ROW-${index + 1}`)
  return {
    DASHBOARD_VERSION_KEY: 'v2',
    ROOT_ID: { type: 'ROOT', id: 'ROOT_ID', children: ['GRID_ID'] },
    GRID_ID: { type: 'GRID', id: 'GRID_ID', parents: ['ROOT_ID'], children: rowIds },
    HEADER_ID: { type: 'HEADER', id: 'HEADER_ID', meta: { text: dashboard.title } },
    ...Object.assign({}, ...dashboard.rows.map((row, index) => placedRow(row, rowIds[index] ?? '', all))),
  }
}

function placedRow({ height, charts }: Row, id: string, all: readonly Chart[]): object {
  const parents = ['ROOT_ID', 'GRID_ID']
  const placed = charts.map(([width, chart]) => {
    const chartId = placeholderId(chart, all)
    const meta = { chartId, uuid: uuidOf('chart', chart.title), sliceName: chart.title, width, height }
    return { type: 'CHART', id: `CHART-${chartId}`, parents: [...parents, id], children: [], meta }
  })
  const row = {
    type: 'ROW',
    id,
    parents,
    children: placed.map((chart) => chart.id),
    meta: { background: 'BACKGROUND_TRANSPARENT' },
  }
  return Object.fromEntries([row, ...placed].map((component) => [component.id, component]))
}

/** By which a chart is meant within one dashboard's file; the importer puts the real id in its place. */
function placeholderId(chart: Chart, all: readonly Chart[]): number {
  return all.indexOf(chart) + 1
}

function metadataOf(dashboard: Dashboard): object {
  return {
    refresh_frequency: refreshEveryS,
    stagger_refresh: true,
    stagger_time: 2_500,
    timed_refresh_immune_slices: [],
    expanded_slices: {},
    color_scheme: 'supersetColors',
    label_colors: labelColours,
    shared_label_colors: [],
    cross_filters_enabled: true,
    filter_bar_orientation: 'HORIZONTAL',
    default_filters: '{}',
    chart_configuration: {},
    global_chart_configuration: { scope: { rootPath: ['ROOT_ID'], excluded: [] } },
    native_filter_configuration: dashboard.filters.map((filter) => nativeFilter(filter, dashboard)),
  }
}

function nativeFilter(filter: Filter, dashboard: Dashboard): object {
  const all = chartsOf(dashboard)
  const excluded = all.filter((chart) => !reaches(filter, chart)).map((chart) => placeholderId(chart, all))
  return {
    id: `NATIVE_FILTER-${filter.name.toLowerCase().replaceAll(' ', '-')}`,
    type: 'NATIVE_FILTER',
    name: filter.name,
    description: '',
    cascadeParentIds: [],
    scope: { rootPath: ['ROOT_ID'], excluded },
    ...nativeKind(filter),
  }
}

function nativeKind(filter: Filter): object {
  const nothing = { extraFormData: {}, filterState: {}, ownState: {} }
  switch (filter.kind) {
    case 'time':
      return {
        filterType: 'filter_time',
        targets: [{}],
        controlValues: { enableEmptyFilter: false },
        defaultDataMask: {
          extraFormData: { time_range: defaultTimeRange },
          filterState: { value: defaultTimeRange },
          ownState: {},
        },
      }
    case 'grain':
      return {
        filterType: 'filter_timegrain',
        targets: [{ datasetUuid: uuidOf('dataset', filter.dataset.name) }],
        controlValues: { enableEmptyFilter: false },
        defaultDataMask: nothing,
      }
    case 'select':
      return {
        filterType: 'filter_select',
        targets: [{ datasetUuid: uuidOf('dataset', filter.dataset.name), column: { name: filter.column } }],
        // Offered is what was seen in a day: otherwise all of the history is read for a list.
        adhoc_filters: [
          timeCondition(aDay),
          ...(filter.where === undefined ? [] : [conditionOf(filter.where)]),
        ],
        controlValues: {
          multiSelect: true,
          enableEmptyFilter: false,
          defaultToFirstItem: false,
          inverseSelection: false,
          searchAllOptions: false,
        },
        defaultDataMask: nothing,
      }
  }
}
