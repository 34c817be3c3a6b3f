import { chromium, type Browser, type Page } from 'playwright-core'

const chromiumPath = '/usr/bin/chromium'
const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']
/** A dashboard is drawn within this time, milliseconds. */
const drawnWithinMs = 120_000

/** What a dashboard's charts ask, each as the browser posts it. */
export type Questions = readonly string[]

/**
 * Opens dashboards in a real Chromium and writes down what they post to Superset.
 *
 * @returns the bodies by the dashboard's slug.
 * @throws when there is no Chromium at its usual place, or a dashboard is not drawn in time.
 */
export async function captureQuestions(
  url: string,
  account: { name: string; password: string },
  slugs: readonly string[],
): Promise<Map<string, Questions>> {
  const browser = await chromium.launch({ executablePath: chromiumPath, args, headless: true })
  try {
    const page = await logIn(browser, url, account)
    const captured = new Map<string, Questions>()
    for (const slug of slugs)
      captured.set(slug, await questionsOf(page, `${url}/superset/dashboard/${slug}/`))
    return captured
  } finally {
    await browser.close()
  }
}

async function logIn(
  browser: Browser,
  url: string,
  { name, password }: { name: string; password: string },
): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } })
  await page.goto(`${url}/login/`)
  await page.locator('#username').fill(name)
  await page.locator('#password').fill(password)
  await page.locator('#password').press('Enter')
  await page.waitForURL(/welcome/)
  return page
}

async function questionsOf(page: Page, url: string): Promise<Questions> {
  const bodies: string[] = []
  const write = (request: { url(): string; postData(): string | null }): void => {
    const body = request.url().includes('/api/v1/chart/data') ? request.postData() : null
    if (body !== null) bodies.push(body)
  }
  page.on('request', write)
  await page.goto(`${url}?standalone=2`)
  const timeout = drawnWithinMs
  await page.locator('[data-test="slice-container"]').first().waitFor({ timeout })
  await page
    .locator('.loading, [data-test="loading-indicator"]')
    .first()
    .waitFor({ state: 'detached', timeout })
  await page.waitForLoadState('networkidle')
  page.off('request', write)
  return bodies
}
