import { describe, expect, test } from 'vitest'
import type { DeliveryEffect } from '../src/delivery/delivery-effect.js'
import type { DeliveryNews, Failure } from '../src/delivery/delivery-event.js'
import { newDelivery, type DeliveryState } from '../src/delivery/delivery-state.js'
import { step } from '../src/delivery/step.js'
import { timing } from '../src/delivery/timing.js'

const stream = { created: 'S', createdSeconds: 1, firstSeq: 1, lastSeq: 0 }
const mine = { streamCreated: 'S', owner: 'me', committed: 0, pending: null }

/** A delivery that is told one thing after the other. */
class Told {
  nowMs = 0
  effects: DeliveryEffect[] = []
  #state: DeliveryState = newDelivery('me', { ...timing, replayWindowMs: 600_000 })

  tell(...news: DeliveryNews[]): this {
    for (const one of news) {
      const { state, effects } = step(this.#state, { ...one, session: this.#state.session, atMs: this.nowMs })
      this.#state = state
      this.effects = effects
    }
    return this
  }

  /** The effects of the last news of one kind. */
  of<K extends DeliveryEffect['kind']>(kind: K): Extract<DeliveryEffect, { kind: K }>[] {
    return this.effects.filter((effect) => effect.kind === kind) as Extract<DeliveryEffect, { kind: K }>[]
  }
}

function loaded(owner: string, revision: number, sentAtMs: number): DeliveryNews {
  return { kind: 'loaded', entry: { ...mine, owner }, revision, sentAtMs }
}

/** One that has the stream and reads it. */
function reading(): Told {
  return new Told().tell({ kind: 'tick' }, { kind: 'opened', stream }, loaded('', 4, 0), {
    kind: 'written',
    revision: 5,
  })
}

/** One that inserts the chunks 1 to 3. */
function inserting(): Told {
  return reading().tell({ kind: 'prepared', range: { first: 1, last: 3 } }, { kind: 'written', revision: 6 })
}

describe('a delivery', () => {
  test('writes a range down before it inserts it', () => {
    const told = reading().tell({ kind: 'prepared', range: { first: 1, last: 3 } })
    expect(told.of('insert')).toEqual([])
    expect(told.of('write')).toEqual([
      { kind: 'write', entry: { ...mine, pending: { first: 1, last: 3 } }, revision: 5 },
    ])
    told.tell({ kind: 'written', revision: 6 })
    expect(told.of('insert')).toEqual([{ kind: 'insert', stream, range: { first: 1, last: 3 } }])
  })

  test('takes no batch that leaves chunks out', () => {
    const told = inserting().tell({ kind: 'prepared', range: { first: 5, last: 9 } })
    expect(told.of('leave')).toHaveLength(1)
    expect(told.of('write')).toEqual([])
  })

  test('takes no batch while another one waits', () => {
    const told = inserting().tell(
      { kind: 'prepared', range: { first: 4, last: 9 } },
      { kind: 'prepared', range: { first: 10, last: 12 } },
    )
    expect(told.of('leave')).toHaveLength(1)
  })

  test('commits a batch by the same write that announces the next', () => {
    const told = inserting().tell(
      { kind: 'prepared', range: { first: 4, last: 9 } },
      { kind: 'inserted', range: { first: 1, last: 3 } },
    )
    expect(told.of('write')).toEqual([
      { kind: 'write', entry: { ...mine, committed: 3, pending: { first: 4, last: 9 } }, revision: 6 },
    ])
  })

  test('does not repeat an insert before it has seen that the stream is still its own', () => {
    const told = inserting().tell({ kind: 'insertFailed', failure: { kind: 'retry', why: 'no answer' } })
    told.nowMs = timing.retryWaitMs.min
    told.tell({ kind: 'tick' })
    expect(told.of('insert')).toEqual([])
    expect(told.of('write')).toHaveLength(1)
    told.tell({ kind: 'written', revision: 7 })
    expect(told.of('insert')).toHaveLength(1)
  })

  test('that was frozen between a write and its answer writes again before it inserts', () => {
    const told = reading().tell({ kind: 'prepared', range: { first: 1, last: 3 } })
    told.nowMs = 3_600_000
    told.tell({ kind: 'written', revision: 6 })
    expect(told.of('insert')).toEqual([])
    expect(told.of('write')).toHaveLength(1)
  })

  test('waits longer where ClickHouse has too much to do, and longer still the next time', () => {
    const waitOf = (told: Told, kind: Failure['kind']): unknown => {
      told.tell({ kind: 'insertFailed', failure: { kind, why: 'why' } })
      return told.of('say')[0]?.notice
    }
    expect(waitOf(inserting(), 'retry')).toMatchObject({ waitMs: 200 })
    const told = inserting()
    expect(waitOf(told, 'crowded')).toMatchObject({ waitMs: 2_000 })
    told.nowMs = 2_000
    told.tell({ kind: 'tick' }, { kind: 'written', revision: 7 })
    expect(waitOf(told, 'crowded')).toMatchObject({ waitMs: 4_000 })
  })

  test('gives up where only a person can help', () => {
    inserting()
    const told = inserting().tell({
      kind: 'insertFailed',
      failure: { kind: 'permanent', why: 'no such table' },
    })
    expect(told.of('giveUp')).toEqual([{ kind: 'giveUp', why: 'no such table' }])
  })

  test('gives its name up when it is stopped, after what was read is stored', () => {
    const told = inserting().tell({ kind: 'stop' })
    expect(told.of('stopReading')).toHaveLength(1)
    told.tell({ kind: 'inserted', range: { first: 1, last: 3 } }, { kind: 'readingEnded' })
    expect(told.of('write')).toEqual([
      { kind: 'write', entry: { ...mine, owner: '', committed: 3 }, revision: 6 },
    ])
    expect(told.tell({ kind: 'written', revision: 7 }).of('end')).toHaveLength(1)
  })
})

describe('one that stands by', () => {
  test('claims a state only after it has been still for a lease', () => {
    const told = new Told().tell({ kind: 'tick' }, { kind: 'opened', stream }, loaded('other', 4, 0))
    for (let round = 1; told.nowMs < timing.leaseMs - timing.watchEveryMs; round += 1) {
      told.nowMs = round * timing.watchEveryMs
      told.tell({ kind: 'tick' })
      expect(told.of('load')).toHaveLength(1)
      told.tell(loaded('other', 4, told.nowMs))
      expect(told.of('open')).toEqual([])
    }
    told.nowMs = timing.leaseMs
    told.tell({ kind: 'tick' }, loaded('other', 4, told.nowMs), { kind: 'opened', stream })
    expect(told.tell(loaded('other', 4, told.nowMs)).of('write')).toHaveLength(1)
  })

  test('does not claim one that changes, however long', () => {
    const told = new Told().tell({ kind: 'tick' }, { kind: 'opened', stream }, loaded('other', 4, 0))
    for (let revision = 5; revision < 100; revision += 1) {
      told.nowMs += timing.leaseMs - 1
      told.tell({ kind: 'tick' }, loaded('other', revision, told.nowMs))
      expect(told.of('open')).toEqual([])
    }
  })
})
