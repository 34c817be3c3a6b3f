import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { adminKey } from '../packages/api/test/support/app.js'
import { insertFindings } from '../packages/api/test/support/finding-rows.js'
import { openBrowser, openPage } from './support/browser.js'
import { startFilledApi } from './support/filled-api.js'

/** Where the pictures lie that were taken last; to be looked at. */
const pictures = join(import.meta.dirname, '../screenshots')
mkdirSync(pictures, { recursive: true })

const looks = [
  { name: 'desktop', width: 1440, height: 1000, scheme: 'light' },
  { name: 'dark', width: 1440, height: 1000, scheme: 'dark' },
  { name: 'phone', width: 390, height: 844, scheme: 'light' },
] as const

const charts = ['rate', 'errors', 'p95', 'lag']

async function takePicture(page: Page, name: string, fullPage = true): Promise<void> {
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage })
}

/** How many points each chart has drawn. */
async function pointsOf(page: Page): Promise<number[]> {
  return await Promise.all(
    charts.map(async (id) => Number(await page.locator(`#${id} svg`).getAttribute('data-points'))),
  )
}

/** A minute so long ago. */
function minutesAgo(minutes: number): string {
  return new Date(Math.floor(Date.now() / 60_000 - minutes) * 60_000).toISOString()
}

const incidents = [
  {
    finding_id: 'slow',
    started: minutesAgo(9),
    judged_minute: minutesAgo(2),
    title:
      'POST /api/checkout of checkout is slow: the 95th percentile is 2,140 ms, expected were 240 to 420 ms',
  },
  {
    finding_id: 'errors',
    started: minutesAgo(12),
    judged_minute: minutesAgo(2),
    kind: 'error_burst',
    severity: 'critical',
    service: 'payment',
    endpoint: '',
    title: 'payment fails: 41 % of requests are errors, expected was 1 %',
  },
]

/** How much wider the page is than its window, pixels. */
async function overflowOf(page: Page): Promise<number> {
  return await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

test('the start page shows a running stack, and says what is wrong', { timeout: 240_000 }, async () => {
  const [stack, browser] = await Promise.all([
    startFilledApi({ minutes: 31, eventsPerSecond: 25 }),
    openBrowser(),
  ])
  // What was ingested at once is told as if it had come minute by minute, as the chart of the lag shows it.
  await stack.clickhouse.command(`INSERT INTO batches
    (received_day, stream_created, first_seq, last_seq, chunks, accepted, stored, rejected, received_at, inserted_at)
    SELECT today(), 0, number + 1, number + 1, 1, 50, 50, 0, arrived,
      arrived + toIntervalMillisecond(180 + 150 * (1 + sin(number / 3)) + if(number = 70, 900, 0))
    FROM (SELECT number, toDateTime64(toStartOfMinute(now()), 6, 'UTC') - toIntervalSecond(15 * number) AS arrived FROM numbers(125))`)
  await insertFindings(stack.clickhouse, incidents)
  const api = await stack.serve()

  for (const look of looks) {
    const { page, faults } = await openPage(browser, look)
    await page.goto(`${api.url}/#key=${adminKey}`)
    await page.locator('#newest tr').first().waitFor()
    expect(page.url()).toBe(`${api.url}/`)
    expect(Math.min(...(await pointsOf(page))), look.name).toBeGreaterThanOrEqual(25)
    expect(await page.locator('#state').textContent()).toBe('all parts answer')
    expect(await page.locator('#newest tr').count()).toBe(8)
    const [worst] = await page.locator('#incidents li').allTextContents()
    expect(worst).toContain('criticalpayment fails')
    expect(worst).toContain(`since ${incidents[1]?.started.slice(11, 16)}`)
    expect(await page.locator('#incidents [data-severity=warning]').count()).toBe(1)
    expect(await page.locator('#rate .value').textContent()).toMatch(/^\d+(\.\d)?\/s$/)
    expect(await overflowOf(page)).toBe(0)
    await takePicture(page, `start-${look.name}`)
    // A reload asks for no key again.
    await page.reload()
    await page.locator('#newest tr').first().waitFor()
    expect(faults).toEqual([])
    await page.context().close()
  }

  const { page } = await openPage(browser, looks[0])
  await page.goto(api.url)
  await page.getByLabel('API key').waitFor()
  await takePicture(page, 'start-without-key')
  await page.getByLabel('API key').fill('ph_wrong')
  await page.getByRole('button', { name: 'Show' }).click()
  await page.locator('#trouble', { hasText: 'unknown' }).waitFor()
  await page.getByLabel('API key').fill(adminKey)
  await page.getByRole('button', { name: 'Show' }).click()
  await page.locator('#newest tr').first().waitFor()
  // What is over leaves by itself.
  const over = incidents.map((row) => ({ ...row, judged_minute: minutesAgo(1), ended: minutesAgo(1) }))
  await insertFindings(stack.clickhouse, over)
  await page.locator('#incidents', { hasText: 'None is open.' }).waitFor()
  await stack.clickhouseServer.kill('SIGTERM')
  await page.locator('#state', { hasText: 'something is wrong' }).waitFor()
  expect(await page.locator('#parts [data-state=down]').allTextContents()).toEqual([
    expect.stringContaining('ClickHouse'),
  ])
  await takePicture(page, 'start-trouble')
  await api.close()
  await page.locator('#state', { hasText: 'no answer' }).waitFor()
  expect(await page.locator('#trouble').textContent()).toContain('The API does not answer')
  // What was known before is still there to be read.
  expect(Math.min(...(await pointsOf(page)))).toBeGreaterThanOrEqual(25)
  await takePicture(page, 'start-down')
})

test('the documentation shows every operation, and its examples run', { timeout: 240_000 }, async () => {
  const [stack, browser] = await Promise.all([
    startFilledApi({ minutes: 2, eventsPerSecond: 20 }),
    openBrowser(),
  ])
  const { url } = await stack.serve()
  for (const look of looks) {
    const { page, faults } = await openPage(browser, look)
    await page.goto(`${url}/docs#key=${adminKey}`)
    await page.locator('.opblock').first().waitFor()
    await takePicture(page, `docs-${look.name}`, false)
    const logs = page.locator('.opblock', { has: page.locator('[data-path="/v1/logs"]') })
    await logs.locator('.opblock-summary').click()
    await logs.getByRole('button', { name: 'Execute' }).waitFor()
    await takePicture(page, `docs-${look.name}-open`, false)
    await logs.getByRole('button', { name: 'Execute' }).click()
    await logs.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor()
    await logs.locator('.live-responses-table').scrollIntoViewIfNeeded()
    await takePicture(page, `docs-${look.name}-answer`, false)
    expect(await overflowOf(page), look.name).toBe(0)
    expect(faults).toEqual([])
    await page.context().close()
  }
})
