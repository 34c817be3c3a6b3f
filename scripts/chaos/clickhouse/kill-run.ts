import { connectClickhouse, type Clickhouse } from '@pulsehouse/platform'
import { setTimeout as delay } from 'node:timers/promises'
import { openRandom } from '../random.js'
import { checkBatches, checkRollup } from './checks.js'
import { drawKill, moments, type Kill, type Moment } from './kill-plan.js'
import { readUntil } from './readers.js'
import { prepareTables } from './tables.js'
import { Victim } from './victim.js'
import { Writers } from './writers.js'

const writersAtOnce = 4
/** Older batches than these are checked at every so many kills, and at the end. */
const recentBatches = 400
const everythingEvery = 25
const progressEvery = 10
const msPerDay = 86_400_000

/** What is to be done. */
export interface KillOptions {
  dataDir: string
  kills: number
  seed: number
  report: (line: string) => void
}

/** What came of it. */
export interface KillResult {
  kills: number
  killsByMoment: Record<Moment, number>
  batches: number
  rows: number
  /** Inserts that were sent again because their outcome was unknown. */
  retries: number
  /** Answers to reads that were checked while others wrote. */
  answers: number
  /** A sentence for each thing that was not as it must be; empty when all is well. */
  faults: string[]
}

/**
 * Kills a server again and again under inserts with views and checks after every restart that it has what it
 * acknowledged, and after the retries that rows and rollups agree with what was sent. Ends at the first fault; that
 * the server does not come up, ends by itself or takes no retry is one too.
 */
export async function runKills(options: KillOptions): Promise<KillResult> {
  const run = new KillRun(options)
  try {
    await run.toEnd()
  } catch (error) {
    run.faults.push(error instanceof Error ? error.message : String(error))
  } finally {
    await run.close()
  }
  return run.result()
}

class KillRun {
  readonly #options: KillOptions
  readonly #victim: Victim
  readonly #killsByMoment = Object.fromEntries(moments.map((moment) => [moment, 0])) as Record<Moment, number>
  readonly faults: string[] = []
  #clickhouse: Clickhouse | undefined
  #writers: Writers | undefined
  #kills = 0
  #answers = 0

  constructor(options: KillOptions) {
    this.#options = options
    this.#victim = new Victim(options.dataDir)
  }

  async toEnd(): Promise<void> {
    const { kills, seed } = this.#options
    const url = await this.#victim.start()
    this.#clickhouse = connectClickhouse({ url, application: 'chaos', database: 'default' })
    await prepareTables(this.#clickhouse)
    const writers = (this.#writers = new Writers(url, seed, Math.floor(Date.now() / msPerDay)))
    const random = openRandom(seed)
    await this.#killUnder({ moment: 'load', afterMs: 300 }, this.#clickhouse, writers)
    while (this.#kills < kills && this.faults.length === 0) {
      await this.#next(drawKill(random), this.#clickhouse, writers)
      if (this.#kills % progressEvery === 0) this.#report(writers)
    }
    if (this.faults.length === 0) await this.#end(this.#clickhouse, writers)
  }

  result(): KillResult {
    const { lastBatch = 0, acknowledgedRows = 0, retries = 0 } = this.#writers?.sent ?? {}
    return {
      kills: this.#kills,
      killsByMoment: this.#killsByMoment,
      batches: lastBatch,
      rows: acknowledgedRows,
      retries,
      answers: this.#answers,
      faults: this.faults,
    }
  }

  async close(): Promise<void> {
    this.#writers?.close()
    await this.#clickhouse?.close()
    await this.#victim.stop()
  }

  /** From one dead server to the next. */
  async #next(kill: Kill, clickhouse: Clickhouse, writers: Writers): Promise<void> {
    if (kill.moment === 'start') {
      await this.#victim.killWhileStarting(kill.afterMs)
      this.#count(kill.moment)
      return
    }
    await this.#victim.start()
    await this.#checkAfterStart(clickhouse, writers)
    if (this.faults.length > 0) return
    if (kill.moment === 'retry' && writers.sent.unacknowledged.size > 0) {
      await this.#killDuring(kill, (stop) => writers.retryUntil(stop))
      return
    }
    await this.#retryAndCheck(clickhouse, writers)
    if (this.faults.length === 0) await this.#killUnder(kill, clickhouse, writers)
  }

  /** Once more without a kill: retried, checked, stopped in order, started, and checked again as a whole. */
  async #end(clickhouse: Clickhouse, writers: Writers): Promise<void> {
    await this.#victim.start()
    await this.#checkAfterStart(clickhouse, writers)
    await this.#retryAndCheck(clickhouse, writers, 1)
    await this.#victim.stop()
    await this.#victim.start()
    await this.#checkAll(clickhouse, writers, 1)
  }

  async #killUnder(kill: Kill, clickhouse: Clickhouse, writers: Writers): Promise<void> {
    await this.#killDuring(kill, async (stop) => {
      const merging = kill.moment === 'merge' ? merge(clickhouse) : Promise.resolve()
      const reading = readUntil(stop, clickhouse, () => writers.sent)
      await writers.writeUntil(stop, writersAtOnce)
      const { answers, faults } = await reading
      await merging
      this.#answers += answers
      this.faults.push(...faults)
    })
  }

  /** Kills while something runs, which is told to stop and awaited. */
  async #killDuring({ moment, afterMs }: Kill, work: (stop: AbortSignal) => Promise<void>): Promise<void> {
    const stop = new AbortController()
    const working = work(stop.signal)
    // What it throws is thrown below; until then it must not count as unhandled.
    working.catch(() => {})
    await delay(afterMs)
    const killing = this.#victim.kill()
    stop.abort()
    await Promise.all([killing, working])
    this.#count(moment)
  }

  async #checkAfterStart(clickhouse: Clickhouse, writers: Writers): Promise<void> {
    const first = this.#firstToCheck(writers)
    this.faults.push(...(await checkBatches(clickhouse, this.#options.seed, first, writers.sent)))
  }

  async #retryAndCheck(clickhouse: Clickhouse, writers: Writers, first?: number): Promise<void> {
    await writers.retryUntil(new AbortController().signal)
    await this.#checkAll(clickhouse, writers, first ?? this.#firstToCheck(writers))
  }

  async #checkAll(clickhouse: Clickhouse, writers: Writers, first: number): Promise<void> {
    this.faults.push(...(await checkBatches(clickhouse, this.#options.seed, first, writers.sent)))
    this.faults.push(...(await checkRollup(clickhouse, first)))
  }

  #firstToCheck(writers: Writers): number {
    if (this.#kills % everythingEvery === 0) return 1
    return Math.max(1, writers.sent.lastBatch - recentBatches)
  }

  #count(moment: Moment): void {
    this.#kills += 1
    this.#killsByMoment[moment] += 1
  }

  #report(writers: Writers): void {
    const { lastBatch, acknowledgedRows, retries } = writers.sent
    this.#options.report(
      `kill ${this.#kills} of ${this.#options.kills}: ${lastBatch} batches, ${acknowledgedRows} rows, ${retries} retries`,
    )
  }
}

/** Merges everything at once; the kill ends it, so it fails as a rule. */
async function merge(clickhouse: Clickhouse): Promise<void> {
  await clickhouse.command('OPTIMIZE TABLE pulsehouse.logs FINAL').catch(() => {})
}
