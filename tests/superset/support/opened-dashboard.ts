import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page, Response } from 'playwright-core'
import { until } from '../../support/until.js'
import type { ServedSuperset } from './served-superset.js'

/** All charts of a dashboard are drawn within this time, milliseconds. */
const drawnWithinMs = 90_000

/** What one chart asked and was answered. */
export interface ChartAnswer {
  sliceId: number
  /** As the browser posted it. */
  body: unknown
  status: number
  results: ChartResult[]
}

/** An answer to one of a chart's queries, as much of it as is looked at. */
export interface ChartResult {
  error: string | null
  rowcount: number
  rejected_filters: unknown[]
  data: Record<string, unknown>[]
  /** The SQL. */
  query: string
}

/** A dashboard in a browser, drawn to its end. */
export interface OpenedDashboard {
  page: Page
  /** By the chart; the last answer where it asked more than once. */
  answers: Map<number, ChartAnswer>
  /** What went wrong while the page was drawn. */
  faults: string[]
}

/** What a browser's window may be. */
export const looks = {
  desktop: { viewport: { width: 1440, height: 1000 }, timezoneId: 'UTC' },
  phone: {
    viewport: { width: 390, height: 844 },
    timezoneId: 'UTC',
    isMobile: true,
    hasTouch: true,
    deviceScaleFactor: 2,
  },
}

/** Opens a context of a browser, logged in as the viewer. */
export async function logInViewer(browser: Browser, { url, place }: ServedSuperset): Promise<BrowserContext> {
  const context = await browser.newContext(looks.desktop)
  const page = await context.newPage()
  await page.goto(`${url}/login/`)
  await page.locator('#username').fill('viewer')
  await page
    .locator('#password')
    .fill(readFileSync(join(place.dataDir, 'superset/viewer-password'), 'utf8').trim())
  await page.locator('#password').press('Enter')
  await page.waitForURL(/welcome/)
  await page.close()
  return context
}

/**
 * Opens a dashboard and waits until so many charts are drawn.
 *
 * @param range the time range to open it with, in place of its own.
 * @throws when they are not drawn in time.
 */
export async function openDashboard(
  context: BrowserContext,
  url: string,
  slug: string,
  charts: number,
  range?: string,
): Promise<OpenedDashboard> {
  const page = await context.newPage()
  const answers = new Map<number, ChartAnswer>()
  const faults: string[] = []
  const reading: Promise<void>[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('response', (response) => {
    if (response.url().includes('/api/v1/chart/data')) reading.push(readAnswer(response, answers, faults))
  })
  await page.goto(
    `${url}/superset/dashboard/${slug}/?standalone=2${range === undefined ? '' : filteredBy(range)}`,
  )
  await untilDrawn(page, charts)
  await page.waitForLoadState('networkidle')
  await Promise.all(reading)
  return { page, answers, faults }
}

/** Waits until all charts are there and none is loading. @throws when they are not in time. */
async function untilDrawn(page: Page, charts: number): Promise<void> {
  const timeout = drawnWithinMs
  await page
    .locator('[data-test="slice-container"]')
    .nth(charts - 1)
    .waitFor({ state: 'attached', timeout })
  await page
    .locator('.loading, [data-test="loading-indicator"]')
    .first()
    .waitFor({ state: 'detached', timeout })
}

/** Takes a picture of a whole dashboard. */
export async function takePicture(page: Page, charts: number, path: string): Promise<void> {
  const viewport = page.viewportSize()
  // The window is made as high as the page before: a picture that is higher than its window is taken while it is drawn anew.
  const height = await page.evaluate<number>('document.documentElement.scrollHeight')
  if (viewport !== null) await page.setViewportSize({ width: viewport.width, height })
  await untilDrawn(page, charts)
  await until('nothing moves', async () => {
    const moving = await page.evaluate<number>('document.getAnimations().length')
    return moving === 0 || undefined
  })
  await page.screenshot({ path })
}

/** The part of an address by which a dashboard opens with another time range. */
function filteredBy(range: string): string {
  const mask = `extraFormData:(time_range:'${range}'),filterState:(value:'${range}'),ownState:()`
  return `&native_filters=${encodeURIComponent(`(NATIVE_FILTER-time-range:(__cache:(label:'${range}',value:'${range}'),${mask},id:NATIVE_FILTER-time-range))`)}`
}

async function readAnswer(
  response: Response,
  answers: Map<number, ChartAnswer>,
  faults: string[],
): Promise<void> {
  const body = response.request().postDataJSON() as { form_data?: { slice_id?: number } }
  const sliceId = body.form_data?.slice_id
  if (response.status() !== 200) faults.push(`${response.status()}: ${await response.text()}`)
  // Filters ask for their values in the same way.
  if (sliceId === undefined) return
  const { result } = (await response.json()) as { result?: ChartResult[] }
  answers.set(sliceId, { sliceId, body, status: response.status(), results: result ?? [] })
}
