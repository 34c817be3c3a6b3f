import { createApp, type Api } from '@pulsehouse/api'
import { expect, test } from 'vitest'
import { adminKey } from '../packages/api/test/support/app.js'
import { insertFindings } from '../packages/api/test/support/finding-rows.js'
import {
  exampleOf,
  operationsOf,
  type Document,
  type Operation,
  type Parameter,
} from '../scripts/fuzz/document.js'
import { startFilledApi } from './support/filled-api.js'

/** What only a running stack can know: the document's examples of it have the right form and are of another stack. */
type Known = Record<string, string>

function textOf(parameter: Parameter, known: Known): string {
  const { name, description, schema } = parameter
  return known[name] ?? exampleOf({ schema, ...(description === undefined ? {} : { description }) }) ?? ''
}

/** The requests of an operation: as the documentation fills its form, and once with the example of each parameter. */
function requestsOf({ path, parameters }: Operation, known: Known): { name: string; address: string }[] {
  const fixed = parameters.filter(({ in: place }) => place === 'path')
  const query = parameters.filter(({ in: place }) => place === 'query')
  const filled = query.filter(({ schema, required }) => required === true || schema.example !== undefined)
  const whole = fixed.reduce(
    (text, parameter) => text.replace(`{${parameter.name}}`, encodeURIComponent(textOf(parameter, known))),
    path,
  )
  const request = (name: string, given: readonly Parameter[]) => {
    const search = new URLSearchParams(
      Object.fromEntries(given.map((parameter) => [parameter.name, textOf(parameter, known)])),
    )
    return { name: `${path} ${name}`, address: given.length === 0 ? whole : `${whole}?${search.toString()}` }
  }
  return [
    request('as the form is filled', filled),
    ...query.map((parameter) => request(`with ${parameter.name}`, [...new Set([...filled, parameter])])),
  ]
}

async function ask(app: Api, address: string): Promise<string> {
  const response = await app.request(address, { headers: { Authorization: `Bearer ${adminKey}` } })
  const ok = response.status === 200
  const said = ok ? '' : ` ${await response.text()}`
  if (ok) await response.body?.cancel()
  return `${response.status}${said}`
}

const readKey = `ph_${'R'.repeat(43)}`
const pseudonym = /(?:user|ip)_[a-z2-7]{16}/

/** What a key is answered. Live streams never end: the first event of the tail is enough, where one is sure to come. */
async function readAs(app: Api, address: string, key: string): Promise<{ status: number; text: string }> {
  const response = await app.request(address, { headers: { Authorization: `Bearer ${key}` } })
  const { status } = response
  const isLive = /^\/v1\/(?:logs\/tail|incidents\/live)/.test(address)
  if (!isLive || status !== 200) return { status, text: await response.text() }
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  // With a filter beside it, no event may ever pass.
  const wanted = /tail\?since=[^&]*$/.test(address) ? '\ndata: ' : '\n'
  let text = ''
  while (!text.includes(wanted)) {
    const { done, value } = await reader.read()
    if (done) throw new Error(`${address} ended after: ${text}`)
    text += Buffer.from(value).toString()
  }
  await reader.cancel()
  return { status, text }
}

test(
  'every example of the document is answered, and shows nobody to a reader',
  { timeout: 240_000 },
  async () => {
    const { parts } = await startFilledApi({ minutes: 3, eventsPerSecond: 20 })
    await judgeOf(parts)
    const app = createApp(parts)
    const document = (await (await app.request('/openapi.json')).json()) as Document
    const [log] = await firstPage(app, '/v1/logs?from=-1h&limit=1')
    const operations = operationsOf(document).filter(({ method }) => method === 'GET')
    await parts.keys.register(readKey, { name: 'reader', roles: ['read'], createdBy: 'test' })
    const faults: string[] = []
    const statuses: number[] = []
    let asked = 0
    for (const operation of operations) {
      const known = { ...knownOf(operation, log ?? {}), ...(await cursorOf(app, operation)) }
      for (const { name, address } of requestsOf(operation, known)) {
        asked += 1
        const answer = await ask(app, address)
        if (answer !== '200') faults.push(`${name}: ${address} ${answer.slice(0, 300)}`)
        const { status, text } = await readAs(app, address, readKey)
        const [person] = pseudonym.exec(text) ?? []
        if (person !== undefined) faults.push(`${name}: ${address} shows ${person} to a reader`)
        statuses.push(status)
      }
    }
    expect(faults).toEqual([])
    expect(asked).toBeGreaterThan(operations.length * 3)
    // Without the role a question is refused or answered, never failed; and there was somebody to be shown.
    expect(statuses.filter((status) => status !== 200 && status !== 403)).toEqual([])
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(operations.length * 2)
    expect((await readAs(app, '/v1/logs?from=-1h&limit=1000', adminKey)).text).toMatch(
      /"(?:url|message|detail|attributes)":[^,]{0,200}(?:user|ip)_[a-z2-7]{16}/,
    )
  },
)

const findingId = 'found'

/** What the detector would have found and expected. */
async function judgeOf({ clickhouse }: Pick<Parameters<typeof createApp>[0], 'clickhouse'>): Promise<void> {
  const address = `ip_${'a2'.repeat(8)}`
  const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 120_000).toISOString()
  const found = {
    started: minute,
    judged_minute: minute,
    kind: 'brute_force',
    title: `${address} guesses passwords`,
  }
  await insertFindings(clickhouse, [
    { finding_id: findingId, ...found, entity_type: 'ip_address', entity: address },
    { finding_id: 'another', ...found },
  ])
  await clickhouse.command(`INSERT INTO expectations
    (metric, service, minute, observed, expected, expected_low, expected_high, score)
    SELECT 'events', service, toStartOfMinute(now()) - 120, 90, 100, 80, 120, 0 FROM (SELECT arrayJoin(['', 'checkout']) AS service)`)
}

type Row = Record<string, unknown>

async function pageOf(app: Api, address: string): Promise<{ data?: Row[]; next_cursor?: string | null }> {
  const response = await app.request(address, { headers: { Authorization: `Bearer ${adminKey}` } })
  return (await response.json()) as { data?: Row[]; next_cursor?: string | null }
}

async function firstPage(app: Api, address: string): Promise<Row[]> {
  return (await pageOf(app, address)).data ?? []
}

/** A path's id is that of a log of this stack, or of its session, or of what was found there. */
function knownOf({ path }: Operation, log: Row): Known {
  if (/\/(?:incidents|findings)\//.test(path)) return { id: findingId }
  return { id: String(path.includes('/sessions/') ? log['session_id'] : log['id']) }
}

/** A cursor of a list is the one that its first page gives. */
async function cursorOf(app: Api, operation: Operation): Promise<Known> {
  if (!operation.parameters.some(({ name }) => name === 'cursor')) return {}
  const [filled] = requestsOf(operation, {})
  const { next_cursor: cursor } = await pageOf(app, (filled?.address ?? '').replace(/limit=\d+/, 'limit=1'))
  return { cursor: String(cursor) }
}
