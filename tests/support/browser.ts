import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

/** Where a Chromium may lie. */
const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts a real Chromium; it ends with the test. @throws with what to install where there is none. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = places.find((place) => existsSync(place))
  if (executablePath === undefined) {
    throw new Error(
      `These tests need Chromium (apt-get install chromium); it is none of ${places.join(', ')}.`,
    )
  }
  const browser = await chromium.launch({ executablePath, args, headless: true })
  onTestFinished(() => browser.close())
  return browser
}

/** A page, and everything in it that went wrong: errors, and messages of the console. */
export interface WatchedPage {
  page: Page
  faults: string[]
}

/** Opens a page of a width, in the light or the dark. */
export async function openPage(
  browser: Browser,
  look: { width: number; height: number; scheme: 'light' | 'dark' },
): Promise<WatchedPage> {
  const { width, height, scheme: colorScheme } = look
  const phone = width < 600
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    timezoneId: 'UTC',
    ...(phone ? { isMobile: true, hasTouch: true, deviceScaleFactor: 2 } : {}),
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
  })
  page.on('requestfailed', (request) =>
    faults.push(`${request.url()}: ${request.failure()?.errorText ?? 'failed'}`),
  )
  return { page, faults }
}
