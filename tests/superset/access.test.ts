import { readdirSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { chartQuestion, sqlMetric } from './support/chart-question.js'
import { changesOf } from './support/changes.js'
import { serveSuperset, type ServedSuperset } from './support/served-superset.js'
import { ask, logIn, type SupersetClient } from './support/superset-client.js'
import { otherDatabases, waysOut } from './support/ways-out.js'

let superset: ServedSuperset
let viewer: SupersetClient
let admin: SupersetClient
let analyst: SupersetClient
/** Stands for every other machine: nobody may ever reach it. */
let elsewhere: Server
let reached = 0
let elsewherePort = 0

const listSchema = z.object({ result: z.array(z.looseObject({ id: z.number() })) })

beforeAll(async () => {
  elsewhere = createServer((socket) => {
    reached += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  const address = elsewhere.address()
  elsewherePort = typeof address === 'object' && address !== null ? address.port : 0
  superset = await serveSuperset()
  admin = await superset.logInAs('admin')
  viewer = await superset.logInAs('viewer')
  analyst = await makeAnalyst()
}, 400_000)

afterAll(async () => {
  await superset.end()
  elsewhere.close()
}, 30_000)

async function makeAnalyst(): Promise<SupersetClient> {
  const roles = await list('/api/v1/security/roles/', '(page_size:100)')
  const role = roles.find(({ name }) => name === 'Pulsehouse analyst')
  const password = 'a password of the tests'
  const person = { username: 'ana', first_name: 'Ana', last_name: 'Lyst', email: 'ana@pulsehouse.invalid' }
  const made = await admin.send('POST', '/api/v1/security/users/', {
    ...person,
    password,
    active: true,
    roles: [role?.id],
  })
  expect(made.status).toBe(201)
  return logIn(superset.url, 'ana', password)
}

async function list(path: string, query = '(page_size:200)') {
  const answer = await admin.get(`${path}?q=${query}`)
  return listSchema.parse(answer.body).result
}

async function databaseId(): Promise<number> {
  const [database] = await list(
    '/api/v1/database/',
    '(filters:!((col:database_name,opr:eq,value:Pulsehouse)))',
  )
  if (database === undefined) throw new Error('The database was not imported')
  return database.id
}

/** What SQL Lab says to a statement. */
async function sqlLab(client: SupersetClient, sql: string, database?: number) {
  const body = { database_id: database ?? (await databaseId()), sql, schema: 'pulsehouse', runAsync: false }
  const { status, body: said } = await client.send('POST', '/api/v1/sqllab/execute/', body)
  return { status, said: JSON.stringify(said) }
}

describe('a viewer', () => {
  test('sees every dashboard and the data of every dataset', async () => {
    const wanted = readdirSync(join(import.meta.dirname, '../../superset/assets/dashboards')).length
    const dashboards = listSchema.parse((await viewer.get('/api/v1/dashboard/')).body).result
    expect(dashboards).toHaveLength(wanted)
    for (const { id } of dashboards) {
      expect((await viewer.get(`/api/v1/dashboard/${id}/charts`)).status).toBe(200)
      expect((await viewer.get(`/api/v1/dashboard/${id}/datasets`)).status).toBe(200)
    }
    const datasets = await list('/api/v1/dataset/')
    expect(datasets.length).toBeGreaterThan(3)
    for (const { id, table_name: name } of datasets) {
      const answer = await viewer.send('POST', '/api/v1/chart/data', chartQuestion(id, sqlMetric('count()')))
      expect(answer, String(name)).toMatchObject({ status: 200, body: { result: [{ error: null }] } })
    }
  })

  test('changes nothing', async () => {
    const [dashboard] = await list('/api/v1/dashboard/')
    const [chart] = await list('/api/v1/chart/')
    const [dataset] = await list('/api/v1/dataset/')
    const ids = {
      dashboard: dashboard?.id,
      chart: chart?.id,
      dataset: dataset?.id,
      database: await databaseId(),
    }
    const changes = changesOf(ids)
    const before = await everything()
    const answers = await Promise.all(
      changes.map(
        async ([method, path, body]) => `${(await viewer.send(method, path, body)).status} ${method} ${path}`,
      ),
    )
    expect(answers.filter((answer) => !/^40[345] /.test(answer))).toEqual([])
    // Superset does not show everything to everybody: what is hidden is "not found", and what can't be done at all 405.
    expect(answers.filter((answer) => answer.startsWith('403 ')).length).toBeGreaterThan(changes.length * 0.8)
    expect(await everything()).toEqual(before)
  })

  test.each(['database', 'dataset', 'saved_query', 'query', 'log', 'security/users', 'security/roles'])(
    'is not told of %s',
    async (kind) => {
      expect((await viewer.get(`/api/v1/${kind}/`)).status).toBe(403)
    },
  )

  test('asks no dataset that is not of the dashboards', async () => {
    const made = await admin.send('POST', '/api/v1/dataset/', {
      database: await databaseId(),
      schema: 'system',
      table_name: 'processes',
    })
    expect(made.status).toBe(201)
    const { id } = z.object({ id: z.number() }).parse(made.body)
    const question = chartQuestion(id, sqlMetric('count()'))
    expect((await admin.send('POST', '/api/v1/chart/data', question)).status).toBe(200)
    expect((await viewer.send('POST', '/api/v1/chart/data', question)).status).toBe(403)
    await admin.send('DELETE', `/api/v1/dataset/${id}`)
  })
})

/** What a change would show in: names and times of change of all that there is. */
async function everything() {
  const kinds = ['dashboard', 'chart', 'dataset', 'database', 'security/users', 'theme', 'css_template']
  const lists = await Promise.all(kinds.map(async (kind) => list(`/api/v1/${kind}/`)))
  return lists.map((rows) =>
    rows.map(({ id, changed_on_utc: at, changed_on: on, dashboard_title: title, slice_name: name }) => [
      id,
      at ?? on,
      title ?? name,
    ]),
  )
}

/** Only ClickHouse's own refusals count: Superset looks for words, and would let through what it does not know. */
const refusedByClickhouse = /ACCESS_DENIED|READONLY|Not enough privileges/

function asWritten(sql: string): string {
  return sql
    .replaceAll('PORT', String(elsewherePort))
    .replaceAll('METADATA', join(superset.place.dataDir, 'superset/superset.db'))
}

describe('SQL Lab', () => {
  test('reads the two databases, and sends SQL as it stands', async () => {
    for (const table of ['pulsehouse.logs', 'pulsehouse.totals_by_minute', 'system.tables'])
      expect(await sqlLab(analyst, `SELECT count() AS n FROM ${table}`)).toMatchObject({ status: 200 })
    const template = await sqlLab(analyst, "SELECT '{{ 40 + 2 }}' AS text")
    expect(template.said).toContain('{{ 40 + 2 }}')
  })

  test('reads no other database of ClickHouse', async () => {
    const clickhouse = `http://127.0.0.1:${superset.place.ports.clickhouse}/`
    for (const body of ['CREATE DATABASE private', 'CREATE VIEW private.letters AS SELECT 42 AS secret'])
      expect((await ask(clickhouse, { method: 'POST', body })).status).toBe(200)
    for (const sql of ['SELECT * FROM private.letters', "SELECT * FROM merge('private', '.*')"]) {
      const { said } = await sqlLab(admin, sql)
      expect(said).not.toContain('secret":42')
      expect(said).toMatch(/ACCESS_DENIED|UNKNOWN_DATABASE|BAD_ARGUMENTS|CANNOT_EXTRACT_TABLE_STRUCTURE/)
    }
  })

  test.each(waysOut)('finds no way out by %s', async (sql) => {
    const before = reached
    for (const client of [analyst, admin]) {
      const { status, said } = await sqlLab(client, asWritten(sql))
      expect(status, said).toBeGreaterThanOrEqual(400)
      expect(said).toMatch(refusedByClickhouse)
      expect(said).not.toMatch(/root:|pbkdf2|scrypt/)
    }
    expect(reached).toBe(before)
  })

  test('writes nothing, not even where Superset is told to let it', async () => {
    const made = await admin.send('POST', '/api/v1/database/', {
      database_name: 'let it write',
      sqlalchemy_uri: 'clickhousedb://clickhouse/pulsehouse',
      expose_in_sqllab: true,
      allow_dml: true,
      allow_ctas: true,
      allow_file_upload: true,
    })
    expect(made.status).toBe(201)
    const { id } = z.object({ id: z.number() }).parse(made.body)
    for (const sql of [
      "INSERT INTO pulsehouse.logs (level) VALUES ('INFO')",
      'CREATE TABLE pulsehouse.mine (x UInt8) ENGINE = Memory',
      'DROP TABLE pulsehouse.logs',
      'ALTER TABLE pulsehouse.logs DELETE WHERE 1',
      'TRUNCATE TABLE pulsehouse.logs',
      'SYSTEM SHUTDOWN',
      'SET readonly = 0',
      'SET ROLE administrator',
    ]) {
      const { status, said } = await sqlLab(admin, sql, id)
      expect(status, `${sql}: ${said}`).toBeGreaterThanOrEqual(400)
      expect(said, sql).toMatch(refusedByClickhouse)
    }
    await admin.send('DELETE', `/api/v1/database/${id}`)
    expect(await sqlLab(analyst, 'SELECT count() FROM pulsehouse.logs')).toMatchObject({ status: 200 })
  })

  test('is nobody’s who has not been given it', async () => {
    expect(await sqlLab(viewer, 'SELECT 1')).toMatchObject({ status: 403 })
  })
})

describe('the API of charts', () => {
  test.each(waysOut)('finds no way out by %s', async (sql) => {
    const [dataset] = await list('/api/v1/dataset/')
    const before = reached
    for (const client of [viewer, analyst]) {
      const question = chartQuestion(dataset?.id ?? 0, sqlMetric(`(${asWritten(sql)})`))
      const answer = await client.send('POST', '/api/v1/chart/data', question)
      expect(answer.status, JSON.stringify(answer.body)).toBeGreaterThanOrEqual(400)
      expect(JSON.stringify(answer.body)).not.toMatch(/root:|pbkdf2|scrypt/)
    }
    expect(reached).toBe(before)
  })

  test.each(waysOut)('nor by a table that is the query %s', async (sql) => {
    const before = reached
    const made = await admin.send('POST', '/api/v1/dataset/', {
      database: await databaseId(),
      schema: 'pulsehouse',
      table_name: `way out ${sql}`.slice(0, 200),
      sql: asWritten(sql),
    })
    const id = z.object({ id: z.number() }).safeParse(made.body).data?.id
    if (id !== undefined) {
      const answer = await admin.send('POST', '/api/v1/chart/data', chartQuestion(id, sqlMetric('count()')))
      expect(answer.status, JSON.stringify(answer.body)).toBeGreaterThanOrEqual(400)
      await admin.send('DELETE', `/api/v1/dataset/${id}`)
    }
    expect(reached).toBe(before)
  })
})

describe('no other database', () => {
  test.each(otherDatabases)('not even for an administrator: %s', async (uri) => {
    const before = reached
    const body = { database_name: uri, sqlalchemy_uri: asWritten(uri) }
    for (const path of ['/api/v1/database/', '/api/v1/database/test_connection/']) {
      const answer = await admin.send('POST', path, body)
      expect([400, 422], JSON.stringify(answer.body)).toContain(answer.status)
    }
    expect(reached).toBe(before)
  })

  test('what a connection says of hosts and users beside its address counts for nothing', async () => {
    const before = reached
    const connect = {
      host: '127.0.0.1',
      port: elsewherePort,
      username: 'default',
      http_proxy: `127.0.0.1:${elsewherePort}`,
    }
    const made = await admin.send('POST', '/api/v1/database/', {
      database_name: 'elsewhere',
      sqlalchemy_uri: `clickhousedb://default@clickhouse:${elsewherePort}/pulsehouse?http_proxy=127.0.0.1:${elsewherePort}`,
      expose_in_sqllab: true,
      allow_dml: true,
      extra: JSON.stringify({ engine_params: { connect_args: connect } }),
    })
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    const { id } = z.object({ id: z.number() }).parse(made.body)
    expect(await sqlLab(admin, 'SELECT count() FROM pulsehouse.logs', id)).toMatchObject({ status: 200 })
    expect((await sqlLab(admin, "INSERT INTO pulsehouse.logs (level) VALUES ('INFO')", id)).said).toMatch(
      refusedByClickhouse,
    )
    expect(reached).toBe(before)
    await admin.send('DELETE', `/api/v1/database/${id}`)
  })
})

describe('whoever has not logged in', () => {
  test('gets the login page, and nothing from the API', async () => {
    const page = await ask(`${superset.url}/superset/dashboard/performance/`, {})
    expect([page.status, page.headers.get('location')]).toEqual([302, expect.stringContaining('/login/')])
    for (const path of ['/api/v1/dashboard/', '/api/v1/database/', '/api/v1/me/'])
      expect((await ask(superset.url + path, {})).status, path).not.toBe(200)
    const question = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' }
    expect((await ask(`${superset.url}/api/v1/chart/data`, question)).status).toBe(401)
  })

  test('gets pages that load nothing from elsewhere, in no other page’s frame, and a cookie of this port', async () => {
    const { headers } = await ask(`${superset.url}/login/`, {})
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'self'")
    expect(policy).not.toMatch(/https?:|\*/)
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    const [cookie = ''] = headers.getSetCookie()
    expect(cookie).toMatch(
      new RegExp(`^pulsehouse_superset_${new URL(superset.url).port}=.*HttpOnly.*SameSite=Lax`),
    )
  })

  test('changes nothing with what a browser sends by itself: a request that is no reading needs a token', async () => {
    const { Authorization = '', Cookie = '' } = admin.headers
    const headers = { Authorization, Cookie, 'Content-Type': 'application/json' }
    const body = JSON.stringify({ dashboard_title: 'mine' })
    const answer = await ask(`${superset.url}/api/v1/dashboard/`, { method: 'POST', headers, body })
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body)).toContain('CSRF token is missing')
  })
})

test('the secrets are their owner’s alone', () => {
  const folder = join(superset.place.dataDir, 'superset')
  for (const file of ['secret-key', 'admin-password', 'viewer-password'])
    expect(statSync(join(folder, file)).mode & 0o777, file).toBe(0o600)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})
