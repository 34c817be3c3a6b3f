import { createApp } from '@pulsehouse/api'
import { expect, test } from 'vitest'
import { adminKey } from '../packages/api/test/support/app.js'
import type { Document } from '../scripts/fuzz/document.js'
import { runFuzz } from '../scripts/fuzz/run-fuzz.js'
import { startFilledApi } from './support/filled-api.js'

/** `npm run fuzz` asks for more, with another seed. */
const requests = Number(process.env['PULSEHOUSE_FUZZ_REQUESTS'] ?? 400)
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
    process.stderr.write(
      `${JSON.stringify({ statuses: report.statuses, operations: report.operations }, null, 1)}\n`,
    )
    expect(report.faults).toEqual([])
    expect(report.statuses['200']).toBeGreaterThan(requests / 5)
    expect(report.statuses['400']).toBeGreaterThan(requests / 20)
  },
)
