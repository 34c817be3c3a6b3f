import { execFileSync } from 'node:child_process'
import { createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { placeFor, runToEnd, startStack, type TestStack } from './support/stack.js'
import { temporaryFolder } from './support/temporary-folder.js'
import { until } from './support/until.js'

const statsSchema = z.object({ data: z.array(z.object({ events: z.number() })) })
const logsSchema = z.object({ data: z.array(z.record(z.string(), z.unknown())) })

async function get<T>(stack: TestStack, path: string, schema: z.ZodType<T>): Promise<T> {
  const key = readFileSync(keyFileOf(stack), 'utf8').trim()
  const response = await fetch(stack.apiUrl + path, { headers: { Authorization: `Bearer ${key}` } })
  const body: unknown = await response.json()
  if (!response.ok) throw new Error(JSON.stringify(body))
  return schema.parse(body)
}

/** Where a stack keeps the key of its API. */
function keyFileOf(stack: TestStack): string {
  return join(place(stack), 'api-key')
}

async function countEvents(stack: TestStack): Promise<number> {
  const { data } = await get(stack, '/v1/stats/series?from=-30m', statsSchema)
  return data.reduce((sum, { events }) => sum + events, 0)
}

/** Lines as the shop application writes them, some with the fields at their odd values. */
function pipeLines(count: number): { lines: string[]; secrets: string[] } {
  const secrets: string[] = []
  const lines = Array.from({ length: count }, (_, index) => {
    const [token, ip] = [`token_${70_000 + index}`, `203.0.113.${index % 250 || 7}`]
    secrets.push(token, ip)
    return [
      `2026-11-22T07:48:${String(index % 60).padStart(2, '0')}.${784_120 + index} | ERROR | req_${index} | session_${index}`,
      `user_${index} | login | POST | /products | Referrer: ${index % 2 === 0 ? 'Direct Entry' : 'https://www.google.com'}`,
      `IP: ${ip} | Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) | Response Time: 0.69${index % 10}s`,
      `Product ID: prod_328 | Cart Size: 10 | Checkout Status: pending | Token: ${token} | Auth Method: Basic`,
      `Auth Level: admin | Correlation ID: corr_${index} | Server IP: 250.57.12.143 | Port: 57284 | Protocol: HTTP`,
      '500 Internal Server Error | Detail: Server encountered an unexpected condition.',
    ].join(' | ')
  })
  return { lines, secrets }
}

async function filesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  const paths = names.map((name) => join(folder, name))
  const kept = await Promise.all(paths.map(async (path) => ((await stat(path)).isFile() ? [path] : [])))
  return kept.flat()
}

/** Which of the texts stand in a file's bytes. */
async function textsIn(path: string, texts: readonly string[]): Promise<string[]> {
  const parts: Buffer[] = []
  for await (const part of createReadStream(path)) parts.push(part as Buffer)
  const bytes = Buffer.concat(parts).toString('latin1')
  return texts.filter((text) => bytes.includes(text))
}

test('a stack starts, counts live traffic, stops in order, and goes on where it was', async () => {
  const place = await placeFor(temporaryFolder())
  const first = await startStack(place)
  const early = await until('events are counted', async () => (await countEvents(first)) || undefined)
  await until('the counts grow', async () => ((await countEvents(first)) > early ? true : undefined))
  await until('the status line shows what is stored', () =>
    Promise.resolve(/[1-9][\d,]* stored · 0 rejected/.test(first.start.output()) || undefined),
  )
  const stoppedAtMs = Date.now()
  await first.start.stop('SIGTERM')
  expect(first.start.output()).toContain('Stopped.')
  expect(Date.now() - stoppedAtMs).toBeLessThan(10_000)
  await expect(fetch(`${first.apiUrl}/healthz`)).rejects.toThrow()

  const key = readFileSync(keyFileOf(first), 'utf8').trim()
  const second = await startStack(place, '--no-generator')
  expect(readFileSync(keyFileOf(second), 'utf8').trim()).toBe(key)
  expect(await countEvents(second)).toBeGreaterThanOrEqual(early)
  const { code, output } = await runToEnd('accounting', ...second.options)
  expect(output).toContain('It adds up')
  expect(code).toBe(0)
})

test('the key of the API is its owner’s alone, is printed in a command that works, and outlives --fresh', async () => {
  const where = await placeFor(temporaryFolder())
  const stack = await startStack(where, '--rate', '50')
  expect(statSync(keyFileOf(stack)).mode & 0o777).toBe(0o600)
  const key = readFileSync(keyFileOf(stack), 'utf8').trim()
  expect(key).toMatch(/^ph_[\w-]{43}$/)
  expect(stack.start.output()).toContain(`${stack.apiUrl}/#key=${key}`)
  const command = /^ +Statistics +(curl .*)$/m.exec(stack.start.output())?.[1] ?? ''
  await until('the printed command shows events', async () => {
    const printed = execFileSync('bash', ['-c', `${command} -sS`], { encoding: 'utf8' })
    return statsSchema.parse(JSON.parse(printed)).data.length > 0 || undefined
  })
  expect((await fetch(`${stack.apiUrl}/v1/keys`)).status).toBe(401)

  const made = await runToEnd('keys', 'create', '--name', 'test', '--role', 'read', ...stack.options)
  const other = /^ph_[\w-]{43}$/m.exec(made.output)?.[0] ?? ''
  const ask = async (path: string) =>
    (await fetch(stack.apiUrl + path, { headers: { Authorization: `Bearer ${other}` } })).status
  expect([await ask('/v1/logs'), await ask('/v1/keys')]).toEqual([200, 403])
  const listed = await runToEnd('keys', 'list', ...stack.options)
  const id = /^([0-9a-f]{12}) +read .* test$/m.exec(listed.output)?.[1] ?? ''
  await runToEnd('keys', 'create', '--name', 'kept', '--role', 'read', ...stack.options)
  expect(await runToEnd('keys', 'revoke', id, ...stack.options)).toMatchObject({ code: 0 })
  await until('the key is refused', async () => ((await ask('/v1/logs')) === 401 ? true : undefined))
  expect(await runToEnd('keys', 'revoke', id, ...stack.options)).toMatchObject({ code: 1 })
  expect(await runToEnd('keys', 'create', '--name', 'x', '--role', 'god')).toMatchObject({ code: 2 })

  await stack.start.stop('SIGTERM')
  const fresh = await startStack(where, '--no-generator', '--fresh')
  expect(await countEvents(fresh)).toBe(0)
  expect(readFileSync(keyFileOf(fresh), 'utf8').trim()).toBe(key)
  expect((await runToEnd('keys', 'list', ...stack.options)).output).toMatch(/ kept$/m)
})

test('an imported file comes back as it stood, and nothing secret of it is on the disk', async () => {
  const folder = temporaryFolder()
  const stack = await startStack(await placeFor(join(folder, 'data')), '--no-generator', '--verbose')
  const { lines, secrets } = pipeLines(500)
  const file = join(folder, 'shop.log')
  writeFileSync(file, `${lines.join('\n')}\n`)
  const { code, output } = await runToEnd('import', '--format', 'pipe', ...stack.options, file)
  expect(output).toContain('Stored 500, rejected 0.')
  expect(code).toBe(0)
  const { data } = await get(
    stack,
    '/v1/logs?from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z&request=req_3',
    logsSchema,
  )
  expect(data).toHaveLength(1)
  expect(data[0]).toMatchObject({
    timestamp: '2026-11-22T07:48:03.784123Z',
    level: 'ERROR',
    session_id: 'session_3',
    action: 'login',
    http_method: 'POST',
    url: '/products',
    referrer_url: 'https://www.google.com',
    response_time: 693,
    product_id: 'prod_328',
    cart_size: 10,
    checkout_status: 'pending',
    auth_method: 'Basic',
    auth_level: 'admin',
    correlation_id: 'corr_3',
    server_ip: '250.57.12.143',
    port: 57_284,
    protocol: 'HTTP',
    status_code: 500,
    status_text: 'Internal Server Error',
    detail: 'Server encountered an unexpected condition.',
    ip_network: '203.0.113.0/24',
    user_id: expect.stringMatching(/^user_[a-z2-7]{16}$/),
    ip_address: expect.stringMatching(/^ip_[a-z2-7]{16}$/),
  })
  const byUser = await get(stack, '/v1/logs?from=2026-11-01T00:00:00Z&user=user_3', logsSchema)
  expect(byUser.data).toHaveLength(1)
  const found = await Promise.all((await filesBelow(place(stack))).map((path) => textsIn(path, secrets)))
  expect(found.flat()).toEqual([])
})

/** The data folder of a stack. */
function place(stack: TestStack): string {
  return stack.options[1] ?? ''
}

test('a part that dies is started again, and nothing is lost', async () => {
  const stack = await startStack(await placeFor(temporaryFolder()), '--rate', '50')
  const pid = Number(readFileSync(join(place(stack), 'run/ingester.pid'), 'utf8'))
  process.kill(pid, 'SIGKILL')
  await until('another ingester runs', () => {
    const now = Number(readFileSync(join(place(stack), 'run/ingester.pid'), 'utf8'))
    return Promise.resolve(now === pid ? undefined : now)
  })
  const before = await countEvents(stack)
  await until('events are stored again', async () => ((await countEvents(stack)) > before ? true : undefined))
  const { output } = await runToEnd('accounting', ...stack.options)
  expect(output).toContain('It adds up')
})

test('two stacks run side by side; a third on a taken port says by what and which option changes it', async () => {
  const [one, other] = [await placeFor(temporaryFolder()), await placeFor(temporaryFolder())]
  const first = await startStack(one)
  const second = await startStack(other)
  await until(
    'both count',
    async () => ((await countEvents(first)) > 0 && (await countEvents(second)) > 0) || undefined,
  )
  const third = await runToEnd('start', '--data-dir', temporaryFolder(), '--api-port', String(one.ports.api))
  expect(third.code).toBe(1)
  expect(third.output).toMatch(
    new RegExp(`Port ${one.ports.api} \\(the REST API\\) is taken by .+--api-port`),
  )
  const again = await runToEnd('start', '--data-dir', one.dataDir, '--api-port', String(other.ports.api))
  expect(again.output).toContain('uses this data folder')
})

test('what a killed start leaves behind is stopped by the next one', async () => {
  const where = await placeFor(temporaryFolder())
  const first = await startStack(where)
  await until('events are counted', async () => (await countEvents(first)) || undefined)
  process.kill(Number(readFileSync(join(where.dataDir, 'run/start.pid'), 'utf8')), 'SIGKILL')
  const second = await startStack(where, '--no-generator')
  expect(await countEvents(second)).toBeGreaterThan(0)
  const { output } = await runToEnd('accounting', ...second.options)
  expect(output).toContain('It adds up')
  await second.start.stop('SIGTERM')
  const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
  expect(left.includes(where.dataDir)).toBe(false)
})
