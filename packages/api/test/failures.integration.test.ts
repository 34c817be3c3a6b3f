import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectClickhouse, ensureLogStream, readMigrations, type Clickhouse } from '@pulsehouse/platform'
import { listen } from '../src/http/server.js'
import { until } from '../../../tests/support/until.js'
import { appOf, ask, type ProblemBody } from './support/app.js'
import { startMigratedClickhouse, startNats } from './support/stack.js'

const queries = ['/v1/logs', '/v1/stats/series']
const mebibytes64 = 64 * 1024 * 1024

function clientOf(url: string): Clickhouse {
  const clickhouse = connectClickhouse({ url, application: 'test' })
  onTestFinished(() => clickhouse.close())
  return clickhouse
}

/** A port that takes connections and never says a word. */
async function startSilence(): Promise<{ url: string; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => sockets.delete(socket))
    socket.resume()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets }
}

describe('a query without an answer is an error, never an empty list:', () => {
  test('ClickHouse is gone', async () => {
    const stack = await startMigratedClickhouse()
    onTestFinished(() => stack.close())
    const app = appOf({ clickhouse: stack.clickhouse })
    for (const path of queries) expect((await ask(app, path)).status).toBe(200)
    await stack.process.stop('SIGKILL')
    for (const path of queries) {
      const { status, body, headers } = await ask<ProblemBody>(app, path)
      expect([status, body.type]).toEqual([503, 'urn:pulsehouse:problem:unavailable'])
      expect(headers.get('content-type')).toBe('application/problem+json')
    }
  })

  test('the tables are not there', async () => {
    const stack = await startMigratedClickhouse()
    onTestFinished(() => stack.close())
    await stack.clickhouse.command('DROP TABLE logs')
    const { status, body } = await ask<ProblemBody>(appOf({ clickhouse: stack.clickhouse }), '/v1/logs')
    expect([status, body.detail]).toEqual([503, expect.stringContaining('UNKNOWN_TABLE')])
  })

  test('ClickHouse is silent for longer than a query may take', async () => {
    const { url } = await startSilence()
    const app = appOf({ clickhouse: clientOf(url), queryTimeLimitMs: 200 })
    for (const path of queries) {
      const { status, body } = await ask<ProblemBody>(app, path)
      expect([status, body.type]).toEqual([504, 'urn:pulsehouse:problem:time-limit'])
    }
  })

  test('ClickHouse itself gives up at the limit', async () => {
    const stack = await startMigratedClickhouse()
    onTestFinished(() => stack.close())
    // A view without an end stands where the table was.
    await stack.clickhouse.command('RENAME TABLE logs TO logs_stored')
    await stack.clickhouse.command(
      'CREATE VIEW logs AS SELECT stored.* FROM system.numbers AS endless CROSS JOIN logs_stored AS stored',
    )
    await stack.clickhouse.command(
      "INSERT INTO logs_stored (timestamp, level, received_day) VALUES (now64(6), 'INFO', today())",
    )
    const app = appOf({ clickhouse: stack.clickhouse, queryTimeLimitMs: 8_000, nowMs: Date.now })
    const { status, body } = await ask<ProblemBody>(app, '/v1/logs')
    expect([status, body.type]).toEqual([504, 'urn:pulsehouse:problem:time-limit'])
    expect(body.detail).toContain('TIMEOUT_EXCEEDED')
  })
})

test('a client that goes away takes its query with it', async () => {
  const { url, sockets } = await startSilence()
  const server = await listen(appOf({ clickhouse: clientOf(url) }), { port: 0, host: '127.0.0.1' })
  onTestFinished(() => server.close())
  const client = new AbortController()
  const asked = fetch(`${server.url}/v1/logs`, { signal: client.signal })
  await until('the query is under way', async () => (sockets.size === 1 ? true : undefined))
  client.abort()
  await expect(asked).rejects.toThrow()
  await until('the query is given up', async () => (sockets.size === 0 ? true : undefined))
})

test('a port that is taken is a sentence that names the option', async () => {
  const server = await listen(appOf(), { port: 0, host: '127.0.0.1' })
  onTestFinished(() => server.close())
  const port = Number(new URL(server.url).port)
  await expect(listen(appOf(), { port, host: '127.0.0.1' })).rejects.toThrow(/Port \d+ .* taken.*--api-port/)
})

describe('readiness', () => {
  test('follows ClickHouse, its schema, NATS and its stream', async () => {
    const [stack, queue] = await Promise.all([startMigratedClickhouse(), startNats()])
    onTestFinished(() => stack.close())
    onTestFinished(() => queue.close())
    const migrations = readMigrations(`${import.meta.dirname}/../../../clickhouse/migrations`)
    const parts = { clickhouse: stack.clickhouse, nats: queue.nats, schemaVersion: migrations.length }
    const app = appOf(parts)
    const missing = async (of = app) => {
      const { status, body } = await ask<{ parts: Record<string, string> }>(of, '/readyz')
      return [status, body.parts]
    }

    expect(await missing()).toEqual([503, { clickhouse: 'ok', nats: expect.stringContaining('LOGS') }])
    await ensureLogStream(queue.nats, mebibytes64 / 8)
    expect(await missing()).toEqual([200, { clickhouse: 'ok', nats: 'ok' }])

    const newer = appOf({ ...parts, schemaVersion: migrations.length + 1 })
    expect(await missing(newer)).toEqual([
      503,
      { clickhouse: expect.stringContaining('npm run migrate'), nats: 'ok' },
    ])

    const { body } = await ask<{ balanced: boolean; accepted: number }>(app, '/v1/pipeline/accounting')
    expect(body).toMatchObject({ balanced: true, accepted: 0, faults: [] })

    await queue.process.stop('SIGKILL')
    expect(await missing()).toEqual([503, { clickhouse: 'ok', nats: expect.any(String) }])
    expect((await ask<ProblemBody>(app, '/v1/pipeline/accounting')).status).toBe(503)
    await stack.process.stop('SIGKILL')
    expect(await missing()).toEqual([
      503,
      { clickhouse: expect.stringContaining('ECONN'), nats: expect.any(String) },
    ])
    expect((await ask(app, '/healthz')).status).toBe(200)
  })
})
