import { describe, expect, test } from 'vitest'
import { appOf } from './support/app.js'

const app = appOf({ corsOrigins: ['https://example.org'] })

describe('what may be kept', () => {
  test.each(['/', '/docs', '/docs/swagger-ui.css', '/pages/start.js', '/openapi.json'])(
    '%s is asked for with its ETag, and sent once',
    async (path) => {
      const first = await app.request(path)
      const etag = first.headers.get('etag') ?? ''
      expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'no-cache'])
      expect(etag).toMatch(/^"[0-9a-f]{40}"$/)
      const again = await app.request(path, { headers: { 'If-None-Match': etag } })
      expect([again.status, await again.text()]).toEqual([304, ''])
      const other = await app.request(path, { headers: { 'If-None-Match': '"other"' } })
      expect(other.status).toBe(200)
    },
  )

  test.each(['/healthz', '/readyz', '/v1/logs', '/v1/pipeline/lag', '/v1/logs?limit=0', '/nothing'])(
    '%s is kept by nobody',
    async (path) => {
      const response = await app.request(path)
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.has('etag')).toBe(false)
    },
  )
})

describe('pages of other origins', () => {
  test('may send a key and read what an answer says beside its body', async () => {
    const asked = await app.request('/v1/logs', {
      method: 'OPTIONS',
      headers: {
        Origin: 'https://example.org',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization',
      },
    })
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe('https://example.org')
    expect(asked.headers.get('access-control-allow-methods')).toBe('GET,HEAD,POST,DELETE')
    expect(asked.headers.get('access-control-allow-headers')).toContain('Authorization')
    const answer = await app.request('/healthz', { headers: { Origin: 'https://example.org' } })
    expect(answer.headers.get('access-control-expose-headers')).toContain('Server-Timing')
  })

  test('may not, where their origin is not named', async () => {
    const headers = { Origin: 'https://example.com' }
    const named = await app.request('/healthz', { headers })
    expect(named.headers.get('access-control-allow-origin')).toBeNull()
    const none = await appOf().request('/healthz', { headers })
    expect(none.headers.get('access-control-allow-origin')).toBeNull()
    const all = await appOf({ corsOrigins: ['*'] }).request('/healthz', { headers })
    expect(all.headers.get('access-control-allow-origin')).toBe('*')
  })
})
