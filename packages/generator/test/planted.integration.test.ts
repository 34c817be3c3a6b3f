import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startProcess, type ServerProcess } from '../../../tests/support/server-process.js'
import { openMigratedClickhouse, startClickhouseServer, startNats } from '../../../tests/support/servers.js'
import { temporaryFolder } from '../../../tests/support/temporary-folder.js'
import { until } from '../../../tests/support/until.js'

const main = join(import.meta.dirname, '../dist/main.js')
const fixed = ['--seed', '7', '--rate', '0', '--queue-bytes', String(16 * 1024 * 1024)]
const start = '2026-11-22T09:00:00Z'

async function generate(...args: string[]): Promise<ServerProcess> {
  const generator = startProcess(process.execPath, [main, ...fixed, ...args])
  onTestFinished(() => generator.stop('SIGKILL'))
  await until('the generator ends', async () => generator.child.exitCode ?? undefined)
  return generator
}

interface Row {
  scenario: string
  seed: number
  incident_id: string
  kind: string
  harmless: boolean
  started: string
  endpoint: string
}

test('publishing writes the ground truth into ClickHouse, the same twice; the file says the same', async () => {
  const folder = temporaryFolder()
  const [nats, server] = [await startNats(folder), await startClickhouseServer(folder)]
  const clickhouse = await openMigratedClickhouse(server)
  const truth = join(folder, 'truth.ndjson')
  const scenario = ['--scenario', 'showcase', '--start', start, '--truth', truth, '--count', '300']
  const places = ['--nats-url', nats.url, '--clickhouse-url', server.url]
  for (let run = 0; run < 2; run += 1) {
    const generator = await generate(...places, ...scenario)
    expect(generator.child.exitCode, generator.output()).toBe(0)
  }
  const rows = await clickhouse.query<Row>('SELECT * FROM planted_incidents FINAL ORDER BY started')
  expect(rows).toHaveLength(16)
  expect(rows[2]).toMatchObject({
    scenario: 'showcase',
    seed: 7,
    incident_id: '003-latency_regression',
    kind: 'latency_regression',
    harmless: false,
    endpoint: '/search',
  })
  expect(Date.parse(rows[2]?.started ?? '')).toBe(Date.parse('2026-11-22T09:24:00Z'))
  expect(rows.filter(({ harmless }) => harmless)).toHaveLength(4)
  const lines = readFileSync(truth, 'utf8').trimEnd().split('\n')
  const told = lines.map((line) => JSON.parse(line) as Row).filter((line) => line.incident_id !== undefined)
  expect(told.map((line) => line.incident_id)).toEqual(rows.map((row) => row.incident_id))
  expect(Object.keys(told[0] ?? {}).toSorted()).toEqual(
    ['detail', 'ended', 'endpoint', 'harmless', 'incident_id', 'kind', 'service', 'started'].toSorted(),
  )
})

test('without a scenario ClickHouse is not needed; with one, its absence is told', async () => {
  const nats = await startNats(temporaryFolder())
  const places = ['--nats-url', nats.url, '--clickhouse-url', 'http://127.0.0.1:1', '--count', '10']
  expect((await generate(...places)).child.exitCode).toBe(0)
  const failing = await generate(...places, '--scenario', 'showcase')
  expect(failing.child.exitCode).toBe(1)
  expect(failing.output()).toContain('No ClickHouse answers')
})

test('a scenario that is not there is a wrong call', async () => {
  const wrong = await generate('--stdout', '--scenario', 'friday')
  expect(wrong.child.exitCode).toBe(2)
  expect(wrong.output()).toContain(
    '--scenario is "friday": must be fortnight, showcase or a file that exists.',
  )
})
