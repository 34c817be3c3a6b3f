import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectClickhouse } from '@pulsehouse/platform'
import { expect, onTestFinished, test } from 'vitest'
import { openMigratedClickhouse, startClickhouseServer } from './support/servers.js'
import { temporaryFolder } from './support/temporary-folder.js'

// It starts the compiled generator by its place beside itself, so it is the compiled one, too.
const compiled = join(import.meta.dirname, '../scripts/dist/bench/query/history.js')
const { storeHistory } = (await import(compiled)) as typeof import('../scripts/bench/query/history.js')
const report = (): void => undefined

test('a history of past days is stored whole, with its rollups, and the truth beside it', async () => {
  const folder = temporaryFolder()
  const clickhouse = await openMigratedClickhouse(await startClickhouseServer(folder))
  const truth = join(folder, 'truth.ndjson')
  const time = ['--start', '2026-11-20T23:00:00Z', '--duration', '7200', '--sim-rate', '5', '--steady']
  const args = [...time, '--seed', '3', '--anomaly-rate', '0', '--scenario', 'showcase', '--truth', truth]
  await storeHistory(clickhouse, { args, report })
  const [stored] = await clickhouse.query<{ events: number; requests: number; days: number }>(
    'SELECT count() AS events, uniqExact(request_id) AS requests, uniqExact(received_day) AS days FROM logs',
  )
  expect(stored?.events).toBeGreaterThan(30_000)
  expect(stored).toMatchObject({ requests: stored?.events, days: 2 })
  const [rolled] = await clickhouse.query('SELECT sum(events) AS events FROM totals_by_minute')
  expect(rolled).toEqual({ events: stored?.events })
  expect(readFileSync(truth, 'utf8').trimEnd().split('\n')).toHaveLength(16)
})

test('a generator that fails is an error, not an empty history', async () => {
  const clickhouse = connectClickhouse({ url: 'http://127.0.0.1:1', application: 'test' })
  onTestFinished(() => clickhouse.close())
  const stored = storeHistory(clickhouse, { args: ['--scenario', 'friday'], report })
  await expect(stored).rejects.toThrow('The generator ended with code 2')
})
