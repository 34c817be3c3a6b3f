import { describe, expect, test } from 'vitest'
import { createApp } from '../src/app.js'
import { partsOf } from './support/app.js'

// Pages need no key: this application adds none to a request.
const app = createApp(partsOf())

describe.each(['/', '/docs'])('the page %s', (address) => {
  test('loads nothing but files of ours, and runs nothing else', async () => {
    const page = await app.request(address)
    const policy = page.headers.get('content-security-policy')
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    const addresses = addressesIn(await page.text(), /(?:src|href)="(\/(?:docs|pages)\/[^"]+)"/g)
    expect(addresses.length).toBeGreaterThan(2)
    for (const file of addresses) {
      const response = await app.request(file)
      expect([file, response.status]).toEqual([file, 200])
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(50)
    }
  })

  test('names no other address, and has no script or style within it', async () => {
    const html = await (await app.request(address)).text()
    expect(addressesIn(html, /(?:src|href)="([^"]*)"/g).filter((found) => !found.startsWith('/'))).toEqual([])
    expect(html).not.toMatch(/<style|\son\w+=|\sstyle=|<script>/)
  })
})

function addressesIn(html: string, pattern: RegExp): string[] {
  return [...html.matchAll(pattern)].map(([, address]) => address ?? '')
}

test('every import of the scripts is served', async () => {
  for (const page of ['/pages/start.js', '/pages/docs.js']) {
    const script = await (await app.request(page)).text()
    const imports = addressesIn(script, /from '\.\/([^']+)'/g)
    expect(imports.length).toBeGreaterThan(0)
    for (const name of imports) expect((await app.request(`/pages/${name}`)).status, name).toBe(200)
  }
})

test.each([
  '/docs/package.json',
  '/docs/..%2fpackage.json',
  '/docs/swagger-ui.js',
  '/pages/tsconfig.json',
  '/nothing',
])('%s is not served', async (path) => {
  const response = await app.request(path)
  expect(response.status).toBe(404)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
})

test('the start page leads to Superset where there is one', async () => {
  const superset = createApp(partsOf({ supersetUrl: 'https://example.org/superset?a=1&b="2"' }))
  expect(await (await superset.request('/')).text()).toContain(
    '<a href="https://example.org/superset?a=1&amp;b=&quot;2&quot;">Superset</a>',
  )
  expect(await (await app.request('/')).text()).not.toContain('Superset')
})
