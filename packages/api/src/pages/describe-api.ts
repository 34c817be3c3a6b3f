import { connectClickhouse, createLogger } from '@pulsehouse/platform'
import type { ApiParts } from '../api.js'
import { createApp } from '../app.js'

/** Parts are used when requests come; those that are named here are looked at before. */
function partsOfNothing(): ApiParts {
  const parts: Partial<ApiParts> = {
    clickhouse: connectClickhouse({ url: 'http://127.0.0.1:1', application: 'describe' }),
    log: createLogger('describe', 'silent'),
    rateLimit: { perSecond: 0, burst: 0 },
    corsOrigins: [],
    nowMs: Date.now,
  }
  return parts as ApiParts
}

/** The OpenAPI document of the API, without a stack. */
export async function describeApi(): Promise<unknown> {
  const response = await createApp(partsOfNothing()).request('/openapi.json')
  return await response.json()
}
