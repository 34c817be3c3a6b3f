import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page, Response } from 'playwright-core'
import type { ServedSuperset } from './served-superset.js'

/** All charts of a dashboard are drawn within this time, milliseconds. */
const drawnWithinMs = 60_000

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

/** Opens a browser's context of a size, logged in as the viewer. */
export async function logInViewer(
  browser: Browser,
  { url, place }: ServedSuperset,
  look: { width: number; phone: boolean },
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.phone ? 844 : 1000 },
    timezoneId: 'UTC',
    ...(look.phone ? { isMobile: true, hasTouch: true, deviceScaleFactor: 2 } : {}),
  })
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
  await page.waitForFunction(
    (count) =>
      document.querySelectorAll('[data-test="chart-container"]').length === count &&
      document.querySelector('.loading, [data-test="loading-indicator"]') === null,
    charts,
    { timeout: drawnWithinMs },
  )
  await page.waitForLoadState('networkidle')
  await Promise.all(reading)
  return { page, answers, faults }
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
