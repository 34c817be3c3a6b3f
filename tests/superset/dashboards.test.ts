import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../support/browser.js'
import { committedDashboards } from './support/committed-dashboards.js'
import { fillStack, type Filled } from './support/fill-stack.js'
import { logInViewer, openDashboard } from './support/opened-dashboard.js'
import { serveSuperset, type ServedSuperset } from './support/served-superset.js'

/** Where the pictures lie that were taken last; to be looked at. */
const pictures = join(import.meta.dirname, '../../screenshots')
const dashboards = committedDashboards()

let superset: ServedSuperset
let filled: Filled

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true })
  superset = await serveSuperset()
  filled = await fillStack(superset.place)
})

afterAll(async () => {
  await superset.end()
})

/** Titles of a dashboard's charts by their ids, as Superset has them. */
async function titlesOf(slug: string): Promise<Map<number, string>> {
  const viewer = await superset.logInAs('viewer')
  const { body } = await viewer.get(`/api/v1/dashboard/${slug}/charts`)
  const { result } = body as { result: { id: number; slice_name: string }[] }
  return new Map(result.map(({ id, slice_name: title }) => [id, title]))
}

/** A minute after which ECharts has drawn what it moves into its place. */
async function takePicture(
  context: BrowserContext,
  slug: string,
  charts: number,
  name: string,
): Promise<void> {
  const { page, faults } = await openDashboard(context, superset.url, slug, charts)
  await page.waitForFunction(() => document.getAnimations().length === 0)
  await page.screenshot({ path: join(pictures, `dashboard-${slug}-${name}.png`), fullPage: true })
  expect(faults).toEqual([])
  await page.close()
}

describe.each(dashboards)('$slug', ({ slug, charts }) => {
  test('is drawn whole, as a viewer sees it', async () => {
    const browser = await openBrowser()
    const context = await logInViewer(browser, superset, { width: 1440, phone: false })
    const titles = await titlesOf(slug)
    expect([...titles.values()].toSorted()).toEqual(charts.map(({ title }) => title).toSorted())
    const { page, answers, faults } = await openDashboard(context, superset.url, slug, charts.length)
    expect(faults).toEqual([])
    for (const [id, title] of titles) {
      const answer = answers.get(id)
      expect(answer?.status, title).toBe(200)
      expect(answer?.results.length, title).toBeGreaterThan(0)
      for (const { error, rowcount, rejected_filters: rejected } of answer?.results ?? [])
        expect({ title, error, rejected, empty: rowcount === 0 }).toEqual({
          title,
          error: null,
          rejected: [],
          empty: false,
        })
    }
    expect(await page.locator('[role=alert], .ant-alert-error').allTextContents()).toEqual([])
    expect(await page.getByText(/No results|No data|no chart definition/).allTextContents()).toEqual([])
    await takePicture(context, slug, charts.length, 'desktop')
    const phone = await logInViewer(browser, superset, { width: 390, phone: true })
    await takePicture(phone, slug, charts.length, 'phone')
  })

  test('is of the time that its filter says', async () => {
    const context = await logInViewer(await openBrowser(), superset, { width: 1440, phone: false })
    const titles = await titlesOf(slug)
    const isoSeconds = (ms: number): string => new Date(ms).toISOString().slice(0, 19)
    const bounds = [isoSeconds(filled.fromMs), isoSeconds(filled.toMs)] as const
    const own = await openDashboard(context, superset.url, slug, charts.length)
    const other = await openDashboard(context, superset.url, slug, charts.length, bounds.join(' : '))
    for (const [id, title] of titles) {
      const followsTime = charts.find((chart) => chart.title === title)?.followsTime
      const sql = other.answers.get(id)?.results.map(({ query }) => query) ?? []
      const bounded = bounds.every((bound) => sql.every((text) => text.includes(bound.replace('T', ' '))))
      expect({ title, bounded }).toEqual({ title, bounded: followsTime })
      if (!followsTime) continue
      const rowsOf = (answers: typeof own.answers) => answers.get(id)?.results.map(({ data }) => data)
      expect(rowsOf(other.answers), title).not.toEqual(rowsOf(own.answers))
    }
  })
})
