import {
  ensureLogStream,
  openIngestState,
  parseIngestState,
  purgeLogStream,
  readLogStreamState,
  type BlockInserter,
  type Clickhouse,
  type Logger,
  type NatsLink,
  type SequenceRange,
  type StateStore,
} from '@pulsehouse/platform'
import { assertDeduplication } from './assert-deduplication.js'
import type { Batch } from './batches/batch.js'
import { openBatchSource, rebuildBatch, type BatchSource } from './batches/batch-source.js'
import type { BatchLimits } from './batches/batcher.js'
import type { EncoderThread } from './batches/encoder-thread.js'
import type { DeliveryEffect } from './delivery/delivery-effect.js'
import type { DeliveryNews, FailedEffect, Failure, StreamFound } from './delivery/delivery-event.js'
import { newDelivery, type DeliveryState } from './delivery/delivery-state.js'
import { hasFreshLease } from './delivery/has-fresh-lease.js'
import { step } from './delivery/step.js'
import { timing } from './delivery/timing.js'
import { failureOf } from './failure.js'
import { insertBatch } from './batches/insert-batch.js'
import { lastLedgerRange } from './last-ledger-range.js'
import { tell } from './tell.js'

/** What the ingester works with. */
export interface IngestParts {
  nats: NatsLink
  clickhouse: Clickhouse
  inserter: BlockInserter
  encoder: EncoderThread
  log: Logger
  /** Name of this process in the state; no other process ever has it. */
  owner: string
  limits: BatchLimits
  streamBytesMax: number
  replayWindowMs: number
}

/** A stream that is fuller than this part of its size is cleared at once, replay window or not: producers would wait. */
const crowdedShare = 0.5

/**
 * Carries the stream to ClickHouse until told to stop. What is to be done, and what follows from what happened, is
 * decided in `delivery/step.ts`; here it is only done.
 *
 * @throws when a person is needed; the message says why.
 */
export async function ingest(parts: IngestParts, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const driver = new DeliveryDriver(parts)
  const stop = (): void => driver.stop()
  signal.addEventListener('abort', stop)
  try {
    await driver.run()
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

class DeliveryDriver {
  readonly #parts: IngestParts
  #state: DeliveryState
  #store: StateStore | undefined
  #source: BatchSource | undefined
  /** Ready to be inserted; nothing further is made before it is taken. */
  #atHand: Batch | undefined
  /** Whose next batch is awaited. */
  #pulling: BatchSource | undefined
  #underWay: Batch | undefined
  #timer: NodeJS.Timeout | undefined
  #finish: { resolve: () => void; reject: (error: unknown) => void } | undefined

  constructor(parts: IngestParts) {
    this.#parts = parts
    this.#state = newDelivery(parts.owner, { ...timing, replayWindowMs: parts.replayWindowMs })
  }

  async run(): Promise<void> {
    const finished = new Promise<void>((resolve, reject) => (this.#finish = { resolve, reject }))
    this.#take({ kind: 'tick' })
    try {
      await finished
    } finally {
      clearTimeout(this.#timer)
    }
  }

  stop(): void {
    this.#take({ kind: 'stop' })
  }

  #take(news: DeliveryNews, session = this.#state.session): void {
    // The monotonic clock: it runs on while the process is stopped, and never jumps.
    const { state, effects } = step(this.#state, { ...news, session, atMs: performance.now() })
    this.#state = state
    for (const effect of effects) this.#carryOut(effect)
  }

  /** Tells the session that asked for it what came of an effect. */
  #answer(doing: Promise<DeliveryNews>, failed: (failure: Failure) => DeliveryNews): void {
    const { session } = this.#state
    doing
      .catch((error: unknown) => failed(failureOf(error)))
      .then((news) => this.#take(news, session))
      .catch((error: unknown) => this.#finish?.reject(error))
  }

  #carryOut(effect: DeliveryEffect): void {
    const during =
      (during: FailedEffect) =>
      (failure: Failure): DeliveryNews => ({ kind: 'failed', during, failure })
    switch (effect.kind) {
      case 'open':
        return this.#answer(this.#open(), during('open'))
      case 'load':
        return this.#answer(this.#load(), during('load'))
      case 'recall':
        return this.#answer(this.#recall(effect.stream), during('recall'))
      case 'write':
        return this.#answer(this.#write(effect), ({ why }) => ({ kind: 'writeUnsettled', why }))
      case 'rebuild':
        return this.#answer(this.#rebuild(effect.stream, effect.range), during('rebuild'))
      case 'read':
        this.#source = openBatchSource(
          this.#parts,
          effect.stream,
          effect.from,
          () => this.#underWay !== undefined,
        )
        return this.#pull()
      case 'stopReading':
        return this.#stopReading()
      case 'insert':
        return this.#insert(effect.stream, effect.range)
      case 'survey':
        return this.#answer(this.#survey(), () => ({ kind: 'surveyFailed' }))
      case 'purge':
        return this.#answer(this.#purge(effect.stream, effect.through), () => ({ kind: 'tick' }))
      case 'wait':
        return this.#wait(effect.untilMs)
      case 'say':
        return tell(this.#parts.log, effect.notice)
      case 'leave':
        return this.#leave()
      case 'end':
        return this.#finish?.resolve()
      case 'giveUp':
        return this.#finish?.reject(new Error(effect.why))
    }
  }

  async #open(): Promise<DeliveryNews> {
    await assertDeduplication(this.#parts.clickhouse)
    const stream = await ensureLogStream(this.#parts.nats, this.#parts.streamBytesMax)
    return { kind: 'opened', stream }
  }

  async #load(): Promise<DeliveryNews> {
    const sentAtMs = performance.now()
    const { value, revision } = await this.#withStore((store) => store.load())
    return { kind: 'loaded', entry: parseIngestState(value), revision, sentAtMs }
  }

  async #write({ entry, revision }: Extract<DeliveryEffect, { kind: 'write' }>): Promise<DeliveryNews> {
    return {
      kind: 'written',
      revision: await this.#withStore((store) => store.replace(entry, revision)),
    }
  }

  /** After a failure the state is opened anew: what held it may be gone. */
  async #withStore<T>(use: (store: StateStore) => Promise<T>): Promise<T> {
    try {
      this.#store ??= await openIngestState(this.#parts.nats)
      return await use(this.#store)
    } catch (error) {
      this.#store = undefined
      throw error
    }
  }

  async #recall({ createdSeconds }: StreamFound): Promise<DeliveryNews> {
    const last = await lastLedgerRange(this.#parts.clickhouse, createdSeconds)
    return { kind: 'recalled', last, stream: await readLogStreamState(this.#parts.nats) }
  }

  async #rebuild(stream: StreamFound, range: SequenceRange): Promise<DeliveryNews> {
    const { session } = this.#state
    const batch = await rebuildBatch(this.#parts, stream, range)
    if (batch === undefined) return { kind: 'rangeGone' }
    if (session === this.#state.session) this.#atHand = batch
    return { kind: 'rebuilt', range: batch.range }
  }

  /** Begins the next batch, if there is a reading and no batch waits. */
  #pull(): void {
    const source = this.#source
    if (source === undefined || this.#atHand !== undefined || this.#pulling === source) return
    this.#pulling = source
    const next = async (): Promise<DeliveryNews> => {
      const batch = await source.next().finally(() => {
        if (this.#pulling === source) this.#pulling = undefined
      })
      if (batch === undefined) return { kind: 'readingEnded' }
      if (this.#source === source) this.#atHand = batch
      return { kind: 'prepared', range: batch.range }
    }
    this.#answer(next(), (failure) => ({ kind: 'failed', during: 'read', failure }))
  }

  #stopReading(): void {
    // A reading that can't be stopped has failed, which is told where its batches are awaited.
    this.#source?.stop().catch(() => undefined)
  }

  #insert({ created }: StreamFound, range: SequenceRange): void {
    if (this.#atHand?.range.first === range.first) {
      this.#underWay = this.#atHand
      this.#atHand = undefined
    }
    const batch = this.#underWay
    if (batch === undefined) throw new Error(`No batch ${range.first}-${range.last} is at hand.`)
    const insert = async (): Promise<DeliveryNews> => {
      await insertBatch(this.#whileLeased(), batch, created)
      if (this.#underWay === batch) this.#underWay = undefined
      return { kind: 'inserted', range }
    }
    this.#answer(insert(), (failure) => ({ kind: 'insertFailed', failure }))
    this.#pull()
  }

  /** An inserter for this session that sends nothing once the lease is not certain. */
  #whileLeased(): BlockInserter {
    const { inserter } = this.#parts
    const { session } = this.#state
    return {
      close: () => inserter.close(),
      insert: async (table, block, token) => {
        if (!hasFreshLease(this.#state, session, performance.now()))
          throw new Error('The lease ran out before the insert was sent.')
        await inserter.insert(table, block, token)
      },
    }
  }

  async #survey(): Promise<DeliveryNews> {
    const { created, bytes, bytesMax } = await ensureLogStream(this.#parts.nats, this.#parts.streamBytesMax)
    return {
      kind: 'surveyed',
      streamCreated: created,
      crowded: bytesMax > 0 && bytes > bytesMax * crowdedShare,
    }
  }

  /** The server can't be told which stream it is to purge, so that is looked at just before. */
  async #purge({ created }: StreamFound, through: number): Promise<DeliveryNews> {
    const found = await readLogStreamState(this.#parts.nats)
    if (found.created !== created) return { kind: 'surveyed', streamCreated: found.created, crowded: false }
    await purgeLogStream(this.#parts.nats, through)
    return { kind: 'purged', through }
  }

  #wait(untilMs: number): void {
    clearTimeout(this.#timer)
    if (untilMs === Infinity) return
    this.#timer = setTimeout(() => this.#take({ kind: 'tick' }), Math.max(untilMs - performance.now(), 0))
  }

  #leave(): void {
    this.#stopReading()
    this.#source = undefined
    this.#atHand = undefined
    this.#underWay = undefined
  }
}
