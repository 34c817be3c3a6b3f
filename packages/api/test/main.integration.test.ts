import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ensureLogStream, openKeyStore } from '@pulsehouse/platform'
import { freePort } from '../../../scripts/free-port.js'
import { startProcess, type ServerProcess } from '../../../tests/support/server-process.js'
import { until } from '../../../tests/support/until.js'
import { startMigratedClickhouse, startNats, temporaryFolder } from './support/stack.js'

const main = join(import.meta.dirname, '../dist/main.js')

function startApi(...args: string[]): ServerProcess {
  const api = startProcess(process.execPath, [main, ...args])
  onTestFinished(() => api.stop('SIGKILL'))
  return api
}

async function exitCodeOf(api: ServerProcess): Promise<number | null> {
  if (api.child.exitCode === null) await once(api.child, 'exit')
  return api.child.exitCode
}

/** An API behind real servers, and a key that may read. */
async function startBehind(
  port: number,
): Promise<{ api: ServerProcess; url: string; key: string; keyId: string }> {
  const [stack, queue] = await Promise.all([startMigratedClickhouse(), startNats()])
  const folder = temporaryFolder()
  onTestFinished(async () => {
    await Promise.all([stack.close(), queue.close()])
    folder.remove()
  })
  await ensureLogStream(queue.nats, 8 * 1024 * 1024)
  const keys = await openKeyStore(queue.nats)
  const { key, made } = await keys.make({ name: 'test', roles: ['read', 'personal'], createdBy: 'test' })
  keys.close()
  const addresses = ['--nats-url', queue.url, '--clickhouse-url', stack.url, '--data-dir', folder.path]
  const api = startApi('--api-port', String(port), ...addresses, '--cors-origin', 'https://example.org')
  return { api, url: `http://127.0.0.1:${port}`, key, keyId: made.id }
}

test('the command serves, logs no values of a query, and stops in order', async () => {
  const { api, url, key, keyId } = await startBehind(await freePort())
  await until('the API is ready', async () => ((await fetch(`${url}/readyz`)).ok ? true : undefined))
  const headers = {
    'X-Request-Id': 'my-request',
    Origin: 'https://example.org',
    Authorization: `Bearer ${key}`,
  }
  const answer = await fetch(`${url}/v1/logs?user=alice%40example.org&q=secret-word`, { headers })
  const text = await answer.text()
  expect([answer.status, text]).toEqual([200, '{"data":[],"next_cursor":null}'])
  expect(answer.headers.get('x-request-id')).toBe('my-request')
  expect(answer.headers.get('access-control-allow-origin')).toBe('https://example.org')
  const line = await until('the line is written', async () =>
    api
      .output()
      .split('\n')
      .find((line) => line.includes('"my-request"')),
  )
  expect(JSON.parse(line)).toMatchObject({
    method: 'GET',
    route: '/v1/logs',
    status: 200,
    keyId,
    msg: 'request',
  })
  expect((JSON.parse(line) as { bytes: number }).bytes).toBeGreaterThan(text.length)
  await api.stop('SIGTERM')
  expect(api.child.exitCode).toBe(0)
  expect(api.output()).toContain('"msg":"stopped"')
  expect(api.output()).not.toMatch(/alice|secret-word/)
  expect(api.output()).not.toContain(key)
})

test('a port that is taken ends the command with a sentence', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  onTestFinished(() => {
    holder.close()
  })
  const address = holder.address()
  const { api } = await startBehind(typeof address === 'object' && address !== null ? address.port : 0)
  expect(await exitCodeOf(api)).toBe(1)
  expect(api.output()).toContain('is taken; choose another one with --api-port')
})

test('--help is printed, and wrong options are a sentence each', async () => {
  const help = startApi('--help')
  expect(await exitCodeOf(help)).toBe(0)
  expect(help.output()).toContain('--cors-origin')
  const wrong = startApi('--api-port', 'x', '--cors-origin', 'example.org/path', '--privacy', 'none')
  expect(await exitCodeOf(wrong)).toBe(2)
  expect(wrong.output().trim().split('\n')).toHaveLength(3)
})
