import type { DeliveryNews } from '../../src/delivery/delivery-event.js'
import type { SimulatedBatch } from './simulated-source.js'
import type { World } from './world.js'

/** A batch on its way to ClickHouse. */
interface Sent {
  token: string
  created: string
  batch: SimulatedBatch
}

/** Between two tables of one insert, where they do not come at once, milliseconds. */
const betweenTablesMs = { min: 1, max: 600 } as const

/** Inserts into the raw table and the targets of the views, in any order; ClickHouse may die between two of them. */
export function insertLogs(world: World, sent: Sent, reply: (news: DeliveryNews) => void): void {
  const { clickhouse, faults, random, timeline } = world
  const { token, batch } = sent
  const turn = random.between(0, clickhouse.logs.length - 1)
  const tables = [...clickhouse.logs.slice(turn), ...clickhouse.logs.slice(0, turn)]
  const diesBefore = faults.strikes('partialInsert') ? random.between(0, tables.length) : Infinity
  const slow = faults.strikes('slowInsert')
  const insertFrom = (index: number): void => {
    const next = tables[index]
    if (index >= diesBefore) return reply({ kind: 'insertFailed', failure: died })
    if (next === undefined) return reply({ kind: 'inserted', range: batch.range })
    next.table.insert(token, batch.ids)
    if (!slow) return insertFrom(index + 1)
    timeline.after(random.between(betweenTablesMs.min, betweenTablesMs.max), () => insertFrom(index + 1))
  }
  insertFrom(0)
}

/** Lists the batch, as the last of its inserts. */
export function insertLedger(world: World, { token, created, batch }: Sent): void {
  world.clickhouse.list(token, created, batch.range, batch.ids)
}

const died = { kind: 'retry', why: 'ClickHouse died' } as const
