import type { SequenceRange } from '@pulsehouse/platform'
import type { DeliveryEffect } from '../../src/delivery/delivery-effect.js'
import type { DeliveryNews, FailedEffect, StreamFound } from '../../src/delivery/delivery-event.js'
import { newDelivery, type DeliveryState } from '../../src/delivery/delivery-state.js'
import { hasFreshLease } from '../../src/delivery/has-fresh-lease.js'
import type { Timing } from '../../src/delivery/timing.js'
import { insertLedger, insertLogs } from './simulated-insert.js'
import { SimulatedSource, type SimulatedBatch } from './simulated-source.js'
import type { World } from './world.js'

/** As the real ones, but for a beat and a look that are rarer, which makes schedules shorter. */
const timing: Timing = {
  beatMs: 1_000,
  leaseMs: 3_000,
  freshMs: 2_000,
  watchEveryMs: 1_000,
  idleCommitMs: 100,
  restartWaitMs: 500,
  retryWaitMs: { min: 100, max: 1_000 },
  crowdedWaitMs: { min: 500, max: 2_000 },
  surveyEveryMs: 2_000,
  replayWindowMs: 3_000,
}

/** An ingester: the real core, with a driver for simulated parts. Once it has died, nothing reaches it any more. */
export class SimulatedIngester {
  readonly #world: World
  readonly #owner: string
  #state: DeliveryState
  #isAlive = true
  #frozenUntilMs = 0
  #timerAtMs: number | undefined
  #source: SimulatedSource | undefined
  #atHand: SimulatedBatch | undefined
  #underWay: SimulatedBatch | undefined

  constructor(world: World, owner: string) {
    this.#world = world
    this.#owner = owner
    this.#state = newDelivery(owner, timing)
  }

  get isFrozen(): boolean {
    return this.#world.timeline.nowMs < this.#frozenUntilMs
  }

  /** Whether it has no batch under way. */
  get isIdle(): boolean {
    const { phase } = this.#state
    return phase.name !== 'holding' || phase.work.kind === 'idle'
  }

  /** Takes in what happened, when it is not frozen. */
  take(news: DeliveryNews, session = this.#state.session): void {
    this.#whenAwake(() => this.#step(news, session))
  }

  #whenAwake(run: () => void): void {
    const { faults, random, timeline } = this.#world
    if (!this.#isAlive) return
    if (!this.isFrozen && faults.strikes('freeze')) {
      this.#frozenUntilMs = timeline.nowMs + random.between(200, 7_000)
      this.#world.note(this.#owner, 'is frozen until', this.#frozenUntilMs)
    }
    if (this.isFrozen) timeline.after(this.#frozenUntilMs - timeline.nowMs, () => this.#whenAwake(run))
    else run()
  }

  #step(news: DeliveryNews, session: number): void {
    const world = this.#world
    if (news.kind !== 'tick') world.note(this.#owner, '<-', news)
    const { state, effects } = world.variant.step(this.#state, {
      ...news,
      session,
      atMs: world.timeline.nowMs,
    })
    this.#state = state
    for (const effect of effects) {
      if (world.faults.strikes('crash')) return this.#crash()
      if (effect.kind !== 'wait') world.note(this.#owner, '->', effect)
      this.#carryOut(effect)
    }
    if (news.kind !== 'stop' && world.faults.strikes('cleanStop')) this.take({ kind: 'stop' })
  }

  #crash(): void {
    if (!this.#isAlive) return
    this.#world.note(this.#owner, 'crashes', null)
    this.#isAlive = false
    this.#world.end(this)
  }

  #carryOut(effect: DeliveryEffect): void {
    const world = this.#world
    switch (effect.kind) {
      case 'open':
        return this.#ask('open', (reply) => reply({ kind: 'opened', stream: world.stream.found }))
      case 'load':
        return this.#load()
      case 'recall':
        return this.#ask('recall', (reply) =>
          reply({
            kind: 'recalled',
            last: world.clickhouse.lastOf(effect.stream.created),
            stream: world.stream.found,
          }),
        )
      case 'write':
        return this.#write(effect)
      case 'rebuild':
        return this.#rebuild(effect.stream, effect.range)
      case 'read':
        return this.#read(effect)
      case 'stopReading':
        return this.#source?.stop()
      case 'insert':
        return this.#insert(effect.stream, effect.range)
      case 'survey':
        return this.#request({ kind: 'surveyFailed' }, (reply) => reply(this.#surveyed()))
      case 'purge':
        return this.#purge(effect)
      case 'wait':
        return this.#wait(effect.untilMs)
      case 'say':
        return
      case 'leave':
        this.#source = undefined
        this.#atHand = undefined
        this.#underWay = undefined
        return
      case 'end':
        return this.#crash()
      case 'giveUp':
        world.fault = `${this.#owner} gives up: ${effect.why}`
    }
  }

  /** Tells the session that asked for it what came of a request. */
  #request(
    failed: DeliveryNews,
    work: (reply: (news: DeliveryNews) => void) => void,
    { session = this.#state.session, kind = 'other' }: { session?: number; kind?: 'insert' | 'other' } = {},
  ): void {
    let answered = false
    const answer = (news: DeliveryNews): void => {
      if (answered) return
      answered = true
      this.take(news, session)
    }
    this.#world.request(kind, failed, answer, work)
  }

  #ask(during: FailedEffect, work: (reply: (news: DeliveryNews) => void) => void): void {
    this.#request(failedNews(during), work)
  }

  #load(): void {
    const { state, timeline } = this.#world
    const sentAtMs = timeline.nowMs
    this.#ask('load', (reply) => {
      const { entry, revision } = state
      reply({ kind: 'loaded', entry, revision, sentAtMs })
    })
  }

  #write({ entry, revision }: Extract<DeliveryEffect, { kind: 'write' }>): void {
    const { state } = this.#world
    this.#request(unsettled, (reply) => {
      const written = state.replace(entry, revision)
      reply(written === undefined ? unsettled : { kind: 'written', revision: written })
    })
  }

  #rebuild(found: StreamFound, range: SequenceRange): void {
    const { stream, variant } = this.#world
    const { session } = this.#state
    this.#ask('rebuild', (reply) => {
      if (stream.created !== found.created) return reply(failedNews('rebuild'))
      const ids = stream.read(variant.rereads(range))
      if (ids === undefined) return reply({ kind: 'rangeGone' })
      if (session === this.#state.session) this.#atHand = { range, ids }
      reply({ kind: 'rebuilt', range })
    })
  }

  #read({ stream, from }: Extract<DeliveryEffect, { kind: 'read' }>): void {
    const { session } = this.#state
    const world = this.#world
    if (world.stream.created !== stream.created)
      return world.timeline.after(5, () => this.take(failedNews('read'), session))
    const source = new SimulatedSource(world, from, (news, batch) => {
      if (this.#source === source && batch !== undefined) this.#atHand = batch
      this.take(news, session)
    })
    this.#source = source
    source.makeNext()
  }

  #insert({ created }: StreamFound, range: SequenceRange): void {
    if (this.#atHand?.range.first === range.first) {
      this.#underWay = this.#atHand
      this.#atHand = undefined
      this.#source?.makeNext()
    }
    const world = this.#world
    const batch = this.#underWay
    if (batch === undefined) return void (world.fault = `no batch ${range.first} is at hand`)
    const token = world.variant.tokenOf(created, range)
    const { session } = this.#state
    const failed = { kind: 'insertFailed', failure } as const
    const sendLedger = (): void => {
      if (world.variant.looksAtLease && !hasFreshLease(this.#state, session, world.timeline.nowMs))
        return this.take(failed, session)
      this.#request(
        failed,
        (reply) => {
          insertLedger(world, { token, created, batch })
          reply({ kind: 'inserted', range })
        },
        { session, kind: 'insert' },
      )
    }
    let continued = false
    world.request(
      'insert',
      failed,
      (news) => {
        if (continued) return
        continued = true
        if (news.kind === 'inserted') this.#whenAwake(sendLedger)
        else this.take(news, session)
      },
      (reply) => insertLogs(world, { token, created, batch }, reply),
    )
  }

  #surveyed(): DeliveryNews {
    const { stream, random } = this.#world
    return { kind: 'surveyed', streamCreated: stream.created, crowded: random.chance(0.2) }
  }

  #purge({ stream: found, through }: Extract<DeliveryEffect, { kind: 'purge' }>): void {
    const { stream } = this.#world
    this.#request({ kind: 'tick' }, (reply) => {
      if (stream.created !== found.created) return reply(this.#surveyed())
      stream.purge(through)
      reply({ kind: 'purged', through })
    })
  }

  #wait(untilMs: number): void {
    const { timeline } = this.#world
    if (untilMs === Infinity || (this.#timerAtMs !== undefined && this.#timerAtMs <= untilMs)) return
    this.#timerAtMs = untilMs
    timeline.after(Math.max(untilMs - timeline.nowMs, 0), () => {
      if (this.#timerAtMs !== untilMs) return
      this.#timerAtMs = undefined
      this.take({ kind: 'tick' })
    })
  }
}

const failure = { kind: 'retry', why: 'simulated' } as const
const unsettled: DeliveryNews = { kind: 'writeUnsettled', why: 'simulated' }

function failedNews(during: FailedEffect): DeliveryNews {
  return { kind: 'failed', during, failure }
}
