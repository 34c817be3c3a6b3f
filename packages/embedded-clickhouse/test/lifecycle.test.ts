import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { spoolFolderOf } from '../src/http/spool.js'
import type { StartedClickhouse } from '../src/index.js'
import { send, startServer, temporaryFolder, until } from './harness.js'

const folder = temporaryFolder()
const started: StartedClickhouse[] = []
afterAll(async () => {
  await Promise.all(started.map((server) => server.close()))
  folder.remove()
})

async function start(): Promise<StartedClickhouse> {
  const server = await startServer(folder.path)
  started.push(server)
  return server
}

test('a folder has one owner, a killed one loses it, and what it acknowledged is kept', async () => {
  const first = await start()
  await expect(startServer(folder.path)).rejects.toThrow(
    `${folder.path} is in use by process ${first.pid}: stop that one first`,
  )
  await send(first, 'CREATE TABLE kept (a UInt32) ENGINE = MergeTree ORDER BY a')
  let acknowledged = 0
  for (; acknowledged < 50; acknowledged += 1)
    expect((await send(first, `INSERT INTO kept VALUES (${acknowledged})`)).status).toBe(200)
  process.kill(first.pid, 'SIGKILL')
  const second = await start()
  expect((await send(second, 'SELECT count() FROM kept')).text).toBe('50\n')
})

test('the command listens on the port of the stack, where it has none of its own', async () => {
  const main = join(import.meta.dirname, '../dist/main.js')
  const args = ['--clickhouse-port', '10987', '--data', join(folder.path, 'of-the-command')]
  const server = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  server.stdout.on('data', (text: Buffer) => (said += text.toString()))
  await until(() => said.includes('listening'))
  server.kill('SIGTERM')
  await once(server, 'exit')
  expect(said).toContain('http://127.0.0.1:10987')
})

test('SIGTERM cancels reads, lets an insert finish and is quick', async () => {
  const server = started.at(-1) ?? (await start())
  await send(server, 'CREATE TABLE slow (a UInt8) ENGINE = MergeTree ORDER BY a')
  const insert = send(server, 'INSERT INTO slow SELECT sleep(1)')
  const read = send(server, 'SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1')
  await until(async () => (await send(server, 'SELECT count() FROM system.processes')).text === '3\n')
  const startedAt = performance.now()
  await server.close()
  expect(performance.now() - startedAt).toBeLessThan(5_000)
  expect((await insert).status).toBe(200)
  expect((await read).text).toMatch(/^Code: 394\./)
  const again = await start()
  expect((await send(again, 'SELECT count() FROM slow')).text).toBe('1\n')
  await again.close()
  expect(existsSync(spoolFolderOf(folder.path))).toBe(false)
})

test('a crash of the engine ends the process at once, and the next one starts', async () => {
  const server = await start()
  const before = Number((await send(server, 'SELECT count() FROM kept')).text)
  process.kill(server.pid, 'SIGABRT')
  await until(() => {
    try {
      return !process.kill(server.pid, 0)
    } catch {
      return true
    }
  }, 2_000)
  const next = await start()
  expect(Number((await send(next, 'SELECT count() FROM kept')).text)).toBe(before)
  await next.close()
})

test('what a newer engine wrote is refused, what an older one wrote is opened', async () => {
  const file = join(folder.path, 'engine.json')
  writeFileSync(file, JSON.stringify({ version: '99.1.1.1' }))
  await expect(startServer(folder.path)).rejects.toThrow(
    /was written by engine 99\.1\.1\.1 and this one is \d+\.\d+.*: update Pulsehouse with npm ci, or give another folder with --data\./,
  )
  writeFileSync(file, JSON.stringify({ version: '24.1.1.1' }))
  const server = await start()
  expect((await send(server, 'SELECT count() FROM slow')).text).toBe('1\n')
  expect(JSON.parse(readFileSync(file, 'utf8'))).not.toEqual({ version: '24.1.1.1' })
  await server.close()
})

test('SIGTERM under inserts ends them, and the process ends well', async () => {
  const server = await start()
  await send(server, 'CREATE TABLE many (a UInt64) ENGINE = MergeTree ORDER BY a')
  let acknowledged = 0
  const insert = async (): Promise<void> => {
    for (;;) {
      // Each on a connection of its own: some are accepted when the server is told to stop.
      const reply = await send(server, 'INSERT INTO many VALUES (1)', {}, { Connection: 'close' }).catch(
        () => undefined,
      )
      if (reply?.status !== 200) return
      acknowledged += 1
    }
  }
  const inserting = Array.from({ length: 6 }, insert)
  await until(() => acknowledged > 50)
  await server.close()
  await Promise.all(inserting)
  const again = await start()
  const kept = Number((await send(again, 'SELECT count() FROM many')).text)
  expect(kept).toBeGreaterThanOrEqual(acknowledged)
  const inLog =
    "SELECT count() FROM system.query_log WHERE type = 'QueryFinish' AND query LIKE 'INSERT INTO many%'"
  expect(Number((await send(again, inLog)).text)).toBeGreaterThanOrEqual(acknowledged)
  await again.close()
})
