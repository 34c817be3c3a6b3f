import { setTimeout as delay } from 'node:timers/promises'
import type { Clickhouse, IngestState } from '@pulsehouse/platform'
import type { Random } from '../random.js'
import { noFaults, type FaultCounts } from './fault-counts.js'
import { drawFault, drawLongStops, type Fault, type LongStop, type Victim } from './fault-plan.js'
import type { PartProcess } from './part-process.js'
import type { PipelineParts } from './pipeline-parts.js'
import type { ProgressWatch } from './progress-watch.js'

/** A moment that does not come is not waited for any longer, milliseconds. */
const momentWithinMs = 1_500
/** The pipeline has so long to recover before the next fault, milliseconds. */
const recoverWithinMs = 15_000
/** Without a commit for so long it is let recover in any case, or every kill would hit the same batch, milliseconds. */
const stallMaxMs = 10_000
/** At least one kill in so much time, milliseconds; who is behind does not wait for recoveries. */
const killEveryMs = 5_000
/** What the state or the ledger says right after a kill is waited for so long, milliseconds. */
const answerWithinMs = 700
const reportEveryMs = 15_000
const pollEveryMs = 20

const ledgerEnd = 'SELECT max(last_seq) AS last FROM batches'

/** Does to the parts what is drawn, until the time is over; several of them may be away or held up at the same time. */
export class FaultRun {
  readonly counts: FaultCounts = noFaults()
  readonly #parts: PipelineParts
  readonly #watch: ProgressWatch
  readonly #clickhouse: Clickhouse
  readonly #down = new Set<PartProcess>()
  readonly #under = new Set<Promise<void>>()
  #spared: readonly PartProcess[] = []
  #heldForLong = false

  readonly #note: (what: Record<string, unknown>) => void

  /** @param note takes down what is done to which part, in order. */
  constructor(
    parts: PipelineParts,
    watch: ProgressWatch,
    clickhouse: Clickhouse,
    note: (what: Record<string, unknown>) => void,
  ) {
    this.#parts = parts
    this.#watch = watch
    this.#clickhouse = clickhouse
    this.#note = note
  }

  /** Resolves when the time is over and every part is started, whether it is ready or not. */
  async run(random: Random, durationMs: number, report: (line: string) => void): Promise<void> {
    const longStops = drawLongStops(random, durationMs)
    const startMs = Date.now()
    const elapsedMs = (): number => Date.now() - startMs
    let reportedMs = 0
    while (elapsedMs() < durationMs) {
      const due = longStops[0] !== undefined && elapsedMs() >= longStops[0].atMs ? longStops[0] : undefined
      if (due !== undefined && this.#holdClickhouse(due)) longStops.shift()
      const fault = drawFault(random)
      await delay(Math.min(fault.pauseMs, durationMs - elapsedMs()))
      await this.#commit(fault)
      const behind = this.counts.kills < elapsedMs() / killEveryMs
      if ((fault.recovers && !behind) || this.#watch.stallMs() > stallMaxMs) await this.#recover()
      if (elapsedMs() - reportedMs < reportEveryMs) continue
      reportedMs = elapsedMs()
      report(this.#progress(reportedMs))
    }
    await Promise.all(this.#under)
  }

  /** Does one fault; resolves when the part is hit, and in the background starts it again or lets it go on. */
  async #commit(fault: Fault): Promise<void> {
    if (fault.moment === 'pending') {
      await this.#watch.untilPending(momentWithinMs)
      await delay(fault.delayMs)
    }
    const part = this.#partOf(fault)
    if (this.#down.has(part) || this.#spared.includes(part)) {
      this.counts.skipped += 1
      return
    }
    this.#down.add(part)
    if (fault.kind === 'kill') await this.#kill(fault, part)
    else this.#hold(fault.victim, part, fault.downMs)
  }

  /** Lets the parts come back and the ingester commit something; not while ClickHouse is held up for long. */
  async #recover(): Promise<void> {
    const deadline = Date.now() + recoverWithinMs
    while (this.#down.size > 0 && !this.#heldForLong && Date.now() < deadline) await delay(pollEveryMs)
    if (this.#heldForLong) return
    await this.#watch.untilCommitted(Math.max(0, deadline - Date.now()))
  }

  async #kill({ victim, downMs }: Fault, part: PartProcess): Promise<void> {
    const before = this.#watch.seen()
    const there = await part.kill()
    const after = victim === 'nats' ? before : ((await this.#watch.look(answerWithinMs)) ?? before)
    this.#note({ part: part.name, signal: 'SIGKILL', downMs, there, state: after })
    if (there) await this.#countKill(victim, part, after)
    this.#later(async () => {
      await delay(downMs)
      part.start()
      this.#down.delete(part)
      this.#note({ part: part.name, signal: 'start' })
    })
  }

  async #countKill(victim: Victim, part: PartProcess, state: IngestState | undefined): Promise<void> {
    this.counts.kills += 1
    this.counts.killsByPart[victim] += 1
    const pending = state?.pending ?? undefined
    if (pending === undefined || !concerns(victim, part, state)) return
    this.counts.inFlight += 1
    this.counts.killsInFlight += 1
    if (victim !== 'ingester') return
    const signal = AbortSignal.timeout(answerWithinMs)
    const rows = await this.#clickhouse.query<{ last: number }>(ledgerEnd, {}, { signal }).catch(() => [])
    if ((rows[0]?.last ?? Infinity) < pending.last) this.counts.cutOff += 1
  }

  #hold(victim: Victim, part: PartProcess, downMs: number): void {
    this.#note({ part: part.name, signal: 'SIGSTOP', downMs, state: this.#watch.seen() })
    if (part.signal('SIGSTOP')) {
      this.counts.stops += 1
      this.counts.stopsByPart[victim] += 1
      const state = this.#watch.seen()
      if (state !== undefined && state.pending !== null && concerns(victim, part, state))
        this.counts.inFlight += 1
    }
    this.#later(async () => {
      await delay(downMs)
      part.signal('SIGCONT')
      this.#down.delete(part)
      this.#note({ part: part.name, signal: 'SIGCONT' })
    })
  }

  /**
   * Holds ClickHouse up in the middle of inserts; the rest goes on being hit.
   *
   * @returns whether it was there; else it is tried again.
   */
  #holdClickhouse(stop: LongStop): boolean {
    const { clickhouse, ingesters } = this.#parts
    if (this.#down.has(clickhouse)) return false
    this.#down.add(clickhouse)
    this.counts.longStops += 1
    this.#heldForLong = true
    if (stop.sparesIngester) this.#spared = ingesters
    this.#hold('clickhouse', clickhouse, stop.downMs)
    this.#later(async () => {
      await delay(stop.downMs)
      this.#spared = []
      this.#heldForLong = false
    })
    return true
  }

  #later(work: () => Promise<void>): void {
    const running = work().finally(() => this.#under.delete(running))
    this.#under.add(running)
  }

  /** Of several ingesters, the one that writes is hit at a moment of its own doing; else whichever was drawn. */
  #partOf({ victim, moment, index }: Fault): PartProcess {
    const { ingesters } = this.#parts
    if (victim !== 'ingester') return this.#parts[victim]
    const writer = ingesters.find((ingester) => isOwner(ingester, this.#watch.seen()))
    const drawn = ingesters[index % ingesters.length] ?? ingesters[0]
    const chosen = moment === 'pending' ? (writer ?? drawn) : drawn
    if (chosen === undefined) throw new Error('A pipeline needs an ingester.')
    return chosen
  }

  #progress(elapsedMs: number): string {
    const { kills, stops, inFlight } = this.counts
    const seen = this.#watch.seen()
    return `${Math.round(elapsedMs / 1000)} s: ${kills} kills, ${stops} stops, ${inFlight} of both with a batch in flight; stored up to chunk ${seen?.committed ?? 0}`
  }
}

/** Whether a batch under way is this part's business: not the generator's, nor an ingester's that only stands by. */
function concerns(victim: Victim, part: PartProcess, state: IngestState | undefined): boolean {
  if (victim === 'generator') return false
  return victim !== 'ingester' || isOwner(part, state)
}

/** An ingester's name in the state holds its process id between colons. */
function isOwner({ pid }: PartProcess, state: IngestState | undefined): boolean {
  return pid !== undefined && (state?.owner ?? '').includes(`:${pid}:`)
}
