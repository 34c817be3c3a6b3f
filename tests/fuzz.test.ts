import { createApp } from '@pulsehouse/api'
import { expect, test } from 'vitest'
import { adminKey } from '../packages/api/test/support/app.js'
import type { Document } from '../scripts/fuzz/document.js'
import { runFuzz } from '../scripts/fuzz/run-fuzz.js'
import { startFilledApi } from './support/filled-api.js'

/** `npm run fuzz` asks for more, with another seed. */
const asked = process.env['PULSEHOUSE_FUZZ_REQUESTS']
const requests = Number(asked ?? 400)
const seed = Number(process.env['PULSEHOUSE_FUZZ_SEED'] ?? 1)

test(
  `${requests} requests out of the document (seed ${seed}): no answer is a failure, and each is as documented`,
  { timeout: 60_000 + requests * 200 },
  async () => {
    const { parts } = await startFilledApi({ minutes: 3, eventsPerSecond: 20 })
    const app = createApp(parts)
    const document = (await (await app.request('/openapi.json')).json()) as Document
    const { key: reader } = await parts.keys.make({ name: 'reader', roles: ['read'], createdBy: 'test' })
    const report = await runFuzz({
      document,
      send: async ({ path, ...init }) => await app.request(path, init),
      keys: { admin: adminKey, reader },
      requests,
      seed,
    })
    const { statuses, operations } = report
    if (asked !== undefined) process.stderr.write(`${JSON.stringify({ statuses, operations }, null, 1)}\n`)
    expect(report.faults).toEqual([])
    expect(statuses['200']).toBeGreaterThan(requests / 5)
    expect(statuses['400']).toBeGreaterThan(requests / 20)
  },
)
