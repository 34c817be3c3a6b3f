import { setTimeout as delay } from 'node:timers/promises'
import type { Clickhouse } from '@pulsehouse/platform'
import type { StackProcess } from './pipeline-stack.js'

/** Between two questions, milliseconds: one costs ClickHouse as much as a hundred events, so most are for the end. */
const askEveryMs = { far: 1_000, near: 50 } as const
/** Near is when so much of all is stored. */
const nearShare = 0.85
/** A pipeline that stores nothing for so long is broken, milliseconds. */
const standstillMaxMs = 90_000

/** How many events a reader sees in the raw table. */
export async function countStored(clickhouse: Clickhouse): Promise<number> {
  const [row] = await clickhouse.query<{ n: number }>('SELECT count() AS n FROM logs')
  return row?.n ?? Number.NaN
}

/** Waits until so many events can be read. @throws when the ingester ends, or nothing comes any more. */
export async function untilStored(
  clickhouse: Clickhouse,
  ingester: StackProcess,
  events: number,
): Promise<void> {
  let hasEnded = false
  void ingester.ended.then(() => (hasEnded = true))
  let last = { stored: -1, atMs: performance.now() }
  for (;;) {
    const stored = await countStored(clickhouse)
    if (stored >= events) return
    const atMs = performance.now()
    if (stored !== last.stored) last = { stored, atMs }
    if (hasEnded || atMs - last.atMs > standstillMaxMs) {
      throw new Error(`The ingester stored ${stored} of ${events} events: ${ingester.said()}`)
    }
    await delay(stored < events * nearShare ? askEveryMs.far : askEveryMs.near)
  }
}
