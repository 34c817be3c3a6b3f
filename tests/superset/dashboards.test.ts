import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openBrowser } from '../support/browser.js'
import { committedDashboards, type CommittedDashboard } from './support/committed-dashboards.js'
import { fillStack, type Filled } from './support/fill-stack.js'
import {
  logInViewer,
  looks,
  openDashboard,
  takePicture,
  type OpenedDashboard,
} from './support/opened-dashboard.js'
import { questions } from './support/questions.js'
import {
  serveSuperset,
  startWithSuperset,
  untilReady,
  type ServedSuperset,
} from './support/served-superset.js'

/** Where the pictures lie that were taken last; to be looked at. */
const pictures = join(import.meta.dirname, '../../screenshots')
const dashboards = committedDashboards()

let superset: ServedSuperset
let filled: Filled
/** What each dashboard was answered about whole hours of traffic, by its address. */
const answered = new Map<string, Map<string, Record<string, unknown>[]>>()

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true })
  superset = await serveSuperset()
  filled = await fillStack(superset.place)
})

afterAll(async () => {
  await superset.end()
})

const isoSeconds = (ms: number): string => new Date(ms).toISOString().slice(0, 19)

/** Titles of a dashboard's charts by their ids, as Superset has them. */
async function titlesOf({ slug, charts }: CommittedDashboard): Promise<Map<number, string>> {
  const viewer = await superset.logInAs('viewer')
  const { body } = await viewer.get(`/api/v1/dashboard/${slug}/charts`)
  const { result } = body as { result: { id: number; slice_name: string }[] }
  expect(result.map(({ slice_name: title }) => title).toSorted()).toEqual(
    charts.map(({ title }) => title).toSorted(),
  )
  return new Map(result.map(({ id, slice_name: title }) => [id, title]))
}

/** Every chart was answered with rows, without an error, and with all of its filters. */
function expectAnswers({ answers, faults }: OpenedDashboard, titles: ReadonlyMap<number, string>): void {
  expect(faults).toEqual([])
  for (const [id, title] of titles) {
    const results = answers.get(id)?.results ?? []
    expect(results.length, title).toBeGreaterThan(0)
    for (const { error, rowcount, rejected_filters: rejected } of results)
      expect({ title, error, rejected, empty: rowcount === 0 }).toEqual({
        title,
        error: null,
        rejected: [],
        empty: false,
      })
  }
}

/** The time filter has reached every chart that it should, and no other. */
function expectTime(
  { charts }: CommittedDashboard,
  titles: ReadonlyMap<number, string>,
  own: OpenedDashboard,
  other: OpenedDashboard,
): void {
  const bounds = [filled.fromMs, filled.toMs].map((ms) => isoSeconds(ms).replace('T', ' '))
  for (const [id, title] of titles) {
    const followsTime = charts.find((chart) => chart.title === title)?.followsTime
    const results = other.answers.get(id)?.results ?? []
    const bounded = bounds.every((bound) => results.every(({ query }) => query.includes(bound)))
    expect({ title, bounded }).toEqual({ title, bounded: followsTime })
    const rows = results.map(({ data }) => data)
    // A single number may be the same by chance.
    if (followsTime && Object.keys(rows[0]?.[0] ?? {}).length > 1)
      expect(rows, title).not.toEqual(own.answers.get(id)?.results.map(({ data }) => data))
  }
}

async function pictureOnPhone(desktop: BrowserContext, { slug, charts }: CommittedDashboard): Promise<void> {
  const context = await desktop
    .browser()
    ?.newContext({ ...looks.phone, storageState: await desktop.storageState() })
  if (context === undefined) throw new Error('The browser is gone')
  const { page, faults } = await openDashboard(context, superset.url, slug, charts.length)
  await takePicture(page, charts.length, join(pictures, `dashboard-${slug}-phone.png`))
  expect(faults).toEqual([])
}

test.each(dashboards)('$slug is drawn whole for a viewer, and follows its time filter', async (dashboard) => {
  const { slug, charts } = dashboard
  const context = await logInViewer(await openBrowser(), superset)
  const titles = await titlesOf(dashboard)

  const own = await openDashboard(context, superset.url, slug, charts.length)
  expectAnswers(own, titles)
  expect(await own.page.locator('[role=alert], .ant-alert-error').allTextContents()).toEqual([])
  expect(await own.page.getByText(/No results|No data|no chart definition/).allTextContents()).toEqual([])
  await takePicture(own.page, charts.length, join(pictures, `dashboard-${slug}-desktop.png`))
  await own.page.close()

  const range = `${isoSeconds(filled.fromMs)} : ${isoSeconds(filled.toMs)}`
  const other = await openDashboard(context, superset.url, slug, charts.length, range)
  expectTime(dashboard, titles, own, other)
  // Of two queries the last is that of the whole range.
  answered.set(
    slug,
    new Map([...titles].map(([id, title]) => [title, other.answers.get(id)?.results.at(-1)?.data ?? []])),
  )
  await pictureOnPhone(context, dashboard)
})

test.each(questions)('"$title" says what the API says', async ({ slug, title, path, ofChart, ofApi }) => {
  const rows = answered.get(slug)?.get(title) ?? []
  const range = `from=${isoSeconds(filled.fromMs)}Z&to=${isoSeconds(filled.toMs)}Z`
  const answer = await filled.ask(`${path}${path.includes('?') ? '&' : '?'}${range}`)
  const expected = ofApi(answer)
  expect(expected.length).toBeGreaterThan(0)
  const shown = ofChart(rows)
  expect(shown.length).toBe(expected.length)
  for (const [index, value] of expected.entries()) expect(shown[index]).toBeCloseTo(value, 6)
})

/** Everything that was imported: what it is, its id and its name. */
async function imported(): Promise<string[]> {
  const admin = await superset.logInAs('admin')
  const lists = ['database', 'dataset', 'chart', 'dashboard'].map(async (kind) => {
    const { body } = await admin.get(`/api/v1/${kind}/?q=(page_size:200)`)
    const { result } = body as { result: Record<string, unknown>[] }
    return result.map((row) => {
      const name = row['database_name'] ?? row['table_name'] ?? row['slice_name'] ?? row['slug']
      return `${kind} ${String(row['id'])} ${String(name)}`
    })
  })
  return (await Promise.all(lists)).flat().toSorted()
}

test('importing again doubles nothing and keeps every id', async () => {
  const before = await imported()
  const countOf = (kind: string): number => before.filter((name) => name.startsWith(`${kind} `)).length
  expect(countOf('dashboard')).toBe(dashboards.length)
  expect(countOf('chart')).toBe(dashboards.flatMap(({ charts }) => charts).length)
  expect(countOf('database')).toBe(1)
  await superset.start.stop('SIGTERM')
  // Without it, the next start takes everything for imported.
  rmSync(join(superset.place.dataDir, 'superset/prepared'))
  const again = startWithSuperset(superset.place, Number(new URL(superset.url).port))
  onTestFinished(() => again.stop('SIGTERM'))
  await untilReady(again)
  expect(await imported()).toEqual(before)
})
