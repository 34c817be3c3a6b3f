import { expect, test } from 'vitest'
import {
  connectNats,
  createLogger,
  muteDaysMax,
  MuteRefused,
  openMuteStore,
  type MuteMatch,
  type MuteStore,
} from '../src/index.js'
import { openNats, startNats, type TestServer } from '../../../tests/support/servers.js'
import { temporaryFolder } from '../../../tests/support/temporary-folder.js'
import { until } from '../../../tests/support/until.js'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const slow = { kind: 'latency_regression', service: 'shop', endpoint: '/cart', rule: 'slow_endpoint' }
const failing = { kind: 'error_burst', service: 'payments', endpoint: '', rule: 'errors' }

/** A clock that the test moves. */
function clockAt(startMs: number): { nowMs: () => number; pass: (ms: number) => void } {
  let at = startMs
  return { nowMs: () => at, pass: (ms) => (at += ms) }
}

async function storeOf(server: TestServer, nowMs: () => number): Promise<MuteStore> {
  return await openMuteStore(await openNats(server), nowMs)
}

async function mute(store: MuteStore, untilMs: number, match: MuteMatch): Promise<string> {
  return (await store.make({ untilMs, reason: 'a migration', createdBy: 'test', match })).id
}

test('a mute counts at once, everywhere, and ends by itself or before its time', async () => {
  const server = await startNats(temporaryFolder())
  const clock = clockAt(Date.now())
  const here = await storeOf(server, clock.nowMs)
  const there = await storeOf(server, clock.nowMs)
  const start = clock.nowMs()
  expect(here.mutedUntil({ findings: [slow] })).toBeUndefined()

  const short = await mute(here, start + minuteMs, { service: 'shop' })
  const long = await mute(here, start + 5 * minuteMs, { kind: 'latency_regression', endpoint: '/cart' })
  expect(here.list().map(({ id }) => id)).toEqual([short, long])
  expect(here.list()[0]).toMatchObject({
    untilMs: start + minuteMs,
    reason: 'a migration',
    createdBy: 'test',
    createdMs: start,
    match: { service: 'shop' },
  })
  await until('the other process has both', async () => there.list().length === 2 || undefined)
  expect(there.mutedUntil({ findings: [slow] })).toBe(start + 5 * minuteMs)
  expect(there.mutedUntil({ findings: [{ ...slow, endpoint: '/search' }] })).toBe(start + minuteMs)

  clock.pass(minuteMs)
  expect(there.mutedUntil({ findings: [{ ...slow, endpoint: '/search' }] })).toBeUndefined()
  expect(here.list().map(({ id }) => id)).toEqual([long])
  expect(await here.end(short)).toBe(false)
  expect(await here.end(long)).toBe(true)
  expect(here.list()).toEqual([])
  await until('the other process has none', async () => there.list().length === 0 || undefined)
})

test('an incident is muted while each of its findings is', async () => {
  const server = await startNats(temporaryFolder())
  const now = Date.now()
  const store = await storeOf(server, () => now)
  await mute(store, now + 2 * minuteMs, { rule: 'slow_endpoint' })
  expect(store.mutedUntil({ findings: [slow] })).toBe(now + 2 * minuteMs)
  expect(store.mutedUntil({ findings: [slow, failing] })).toBeUndefined()
  expect(store.mutedUntil({ findings: [] })).toBeUndefined()
  const everything = await mute(store, now + minuteMs, {})
  expect(store.mutedUntil({ findings: [slow, failing] })).toBe(now + minuteMs)
  await store.end(everything)
  expect(store.mutedUntil({ findings: [slow, failing] })).toBeUndefined()
})

test('every mute has an end that is near, and there is room for a thousand of them', async () => {
  const server = await startNats(temporaryFolder())
  const clock = clockAt(Date.now())
  const store = await storeOf(server, clock.nowMs)
  const now = clock.nowMs()
  for (const untilMs of [now, now - 1, Number.NaN, Infinity, now + muteDaysMax * dayMs + 1])
    await expect(mute(store, untilMs, {})).rejects.toMatchObject({ field: 'until' })
  await expect(mute(store, now + minuteMs, { service: 'x'.repeat(301) })).rejects.toBeInstanceOf(MuteRefused)
  expect(store.list()).toEqual([])

  const service = (number: number): MuteMatch => ({ service: `s${number}` })
  await Promise.all(
    Array.from({ length: 1_000 }, async (_, index) => await mute(store, now + minuteMs, service(index))),
  )
  await expect(mute(store, now + minuteMs, {})).rejects.toThrow(/1000 mutes already/)
  // Those that have ended make room, and are deleted.
  clock.pass(minuteMs)
  await mute(store, clock.nowMs() + minuteMs, {})
  const elsewhere = await storeOf(server, () => now)
  expect(elsewhere.list()).toHaveLength(1)
})

test('mutes outlive the server that keeps them, and a damaged one mutes nobody', async () => {
  const server = await startNats(temporaryFolder())
  const now = Date.now()
  const nats = await openNats(server)
  const store = await openMuteStore(nats, () => now)
  const id = await mute(store, now + dayMs, { kind: 'error_burst' })
  const raw = await nats.jetstream.views.kv('PULSEHOUSE_MUTES')
  await raw.put('damaged', '{"until":"for ever"}')
  await server.kill('SIGKILL')
  expect(store.mutedUntil({ findings: [failing] })).toBe(now + dayMs)
  await server.restart()
  const link = await connectNats({ url: server.url, name: 'later', log: createLogger('test', 'silent') })
  const later = await openMuteStore(link, () => now)
  expect(later.list().map((known) => known.id)).toEqual([id])
  await link.connection.close()
})
