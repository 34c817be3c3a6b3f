import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { freePort } from '../../scripts/free-port.js'
import { runScript } from '../support/stack.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { until } from '../support/until.js'
import { logIn, type SupersetClient } from './support/superset-client.js'

const committed = join(import.meta.dirname, '../../superset/assets')
const severalStarts = { timeout: 600_000 }

const listSchema = z.object({ result: z.array(z.looseObject({ id: z.number() })) })

/** Serves these assets from this folder until the test ends or says so; no ClickHouse has to be there for that. */
async function serve(dataDir: string, assets: string) {
  const port = await freePort()
  const options = ['--data-dir', dataDir, '--superset-port', String(port), '--clickhouse-port', '1']
  const superset = runScript('superset', ...options, '--assets', assets)
  onTestFinished(() => superset.stop('SIGTERM'))
  await until(
    'Superset is served',
    () =>
      Promise.resolve(
        superset.child.exitCode !== null || /^Superset +http/m.test(superset.output()) || undefined,
      ),
    360_000,
  )
  if (superset.child.exitCode !== null) throw new Error(superset.output())
  const password = readFileSync(join(dataDir, 'superset/admin-password'), 'utf8').trim()
  return { superset, admin: await logIn(`http://127.0.0.1:${port}`, 'admin', password) }
}

/** The ids of all of a kind by what they are called. */
async function idsOf(admin: SupersetClient, kind: 'dashboard' | 'chart' | 'dataset') {
  const { body } = await admin.get(`/api/v1/${kind}/?q=(page_size:500)`)
  const name = { dashboard: 'dashboard_title', chart: 'slice_name', dataset: 'table_name' }[kind]
  return new Map(listSchema.parse(body).result.map((row) => [String(row[name]), row.id]))
}

test(
  'what is imported again keeps its id, what has left the folder leaves Superset, what people made stays',
  severalStarts,
  async () => {
    const folder = temporaryFolder()
    const assets = join(folder, 'assets')
    cpSync(committed, assets, { recursive: true })
    const first = await serve(join(folder, 'data'), assets)
    const [dashboards, charts] = [await idsOf(first.admin, 'dashboard'), await idsOf(first.admin, 'chart')]
    expect(dashboards.size).toBe(readdirSync(join(committed, 'dashboards')).length)
    expect(charts.size).toBe(readdirSync(join(committed, 'charts')).length)
    expect((await first.admin.send('POST', '/api/v1/dashboard/', { dashboard_title: 'My own' })).status).toBe(
      201,
    )
    await first.superset.stop('SIGTERM')

    rmSync(join(assets, 'dashboards/security.yaml'))
    const pipeline = join(assets, 'dashboards/pipeline.yaml')
    writeFileSync(
      pipeline,
      readFileSync(pipeline, 'utf8').replace(/^dashboard_title: .*$/m, 'dashboard_title: Renamed'),
    )
    const second = await serve(join(folder, 'data'), assets)
    const later = await idsOf(second.admin, 'dashboard')
    expect([...later.keys()].toSorted()).toEqual(
      [...dashboards.keys(), 'My own', 'Renamed']
        .filter((name) => !['Security', 'Pipeline health'].includes(name))
        .toSorted(),
    )
    expect(later.get('Renamed')).toBe(dashboards.get('Pipeline health'))
    expect(later.get('Performance')).toBe(dashboards.get('Performance'))
    expect(await idsOf(second.admin, 'chart')).toEqual(charts)
  },
)

test('assets that Superset refuses are an error that says which', severalStarts, async () => {
  const folder = temporaryFolder()
  const assets = join(folder, 'assets')
  cpSync(committed, assets, { recursive: true })
  writeFileSync(join(assets, 'dashboards/broken.yaml'), 'version: 1.0.0\nuuid: nothing\ncolour: red\n')
  await expect(serve(join(folder, 'data'), assets)).rejects.toThrow(/dashboards\/broken\.yaml/)
})
