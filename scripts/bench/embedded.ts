import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startClickhouse } from '@pulsehouse/embedded-clickhouse'
import { createLogger } from '@pulsehouse/platform'
import type { Bench } from './bench.js'
import { openDirectEngine } from './embedded/direct-engine.js'
import { measureInserts } from './embedded/inserts.js'
import { measureLatency } from './embedded/latency.js'
import { openLeanClient } from './embedded/lean-client.js'
import type { Sides } from './embedded/sides.js'
import { measureStreams } from './embedded/streams.js'

/**
 * What the HTTP interface costs beside direct calls of the same engine. Both sides run in one run and take turns,
 * because the machine's speed drifts by more than what is compared.
 */
export const embeddedBench: Bench = {
  name: 'embedded',
  summary:
    'the embedded ClickHouse over HTTP: SELECT 1, inserts and results, beside direct calls of the engine',
  run: async (report) =>
    await withSides(async (sides) => [
      await measureLatency(sides, report),
      ...(await measureInserts(sides, report)),
      ...(await measureStreams(sides, report)),
    ]),
}

async function withSides<T>(use: (sides: Sides) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'pulsehouse-bench-'))
  const server = await startClickhouse({
    dataDir: join(folder, 'server'),
    port: 0,
    log: createLogger('bench', 'silent'),
  })
  const client = openLeanClient(server.url)
  const direct = openDirectEngine(join(folder, 'direct'))
  try {
    return await use({ url: server.url, client, direct })
  } finally {
    client.close()
    await direct.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
