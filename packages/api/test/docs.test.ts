import { expect, test } from 'vitest'
import { appOf } from './support/app.js'

const app = appOf()

test('the front door leads to the documentation', async () => {
  const response = await app.request('/')
  expect([response.status, response.headers.get('location')]).toEqual([302, '/docs'])
})

test('everything that the page loads comes from us', async () => {
  const page = await app.request('/docs')
  const html = await page.text()
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '')
  expect(addresses.length).toBe(4)
  for (const address of addresses) {
    expect(address).toMatch(/^\/docs\//)
    const response = await app.request(address)
    expect([address, response.status]).toEqual([address, 200])
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(50)
  }
})

test.each(['/docs/package.json', '/docs/..%2fpackage.json', '/docs/swagger-ui.js', '/nothing'])(
  '%s is not served',
  async (path) => {
    const response = await app.request(path)
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  },
)
