import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const assetsFolder = join(import.meta.dirname, '../../../superset/assets')

/** A dashboard as it is committed. */
export interface CommittedDashboard {
  slug: string
  charts: { title: string; followsTime: boolean }[]
}

interface Component {
  type: string
  meta: { uuid: string }
}

interface Chart {
  uuid: string
  slice_name: string
  params: { adhoc_filters: { subject?: string }[] }
}

/** The dashboards of superset/assets with their charts. */
export function committedDashboards(): CommittedDashboard[] {
  const charts = new Map(assets<Chart>('charts').map((chart) => [chart.uuid, chart]))
  return assets<{ slug: string; position: Record<string, Component> }>('dashboards').map(
    ({ slug, position }) => ({
      slug,
      charts: Object.values(position)
        .filter(({ type }) => type === 'CHART')
        .map(({ meta }) => shownChart(charts.get(meta.uuid))),
    }),
  )
}

function shownChart(chart: Chart | undefined): CommittedDashboard['charts'][number] {
  if (chart === undefined) throw new Error('A dashboard has a chart that is not committed')
  const followsTime = chart.params.adhoc_filters.some(({ subject }) => subject === 'time')
  return { title: chart.slice_name, followsTime }
}

function assets<T>(kind: string): T[] {
  const folder = join(assetsFolder, kind)
  return readdirSync(folder).map(
    (name) => parse(readFileSync(join(folder, name), 'utf8'), { version: '1.1' }) as T,
  )
}
