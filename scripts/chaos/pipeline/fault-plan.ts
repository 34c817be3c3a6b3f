import type { Random } from '../random.js'

/** Parts that a fault may hit. */
export const victims = ['nats', 'clickhouse', 'ingester', 'generator'] as const
/** One of them. */
export type Victim = (typeof victims)[number]

/** One thing that goes wrong. */
export interface Fault {
  victim: Victim
  /** Killed without a warning, or held up where it is. */
  kind: 'kill' | 'stop'
  /** At once, or as soon as a range begins to be pending. */
  moment: 'any' | 'pending'
  /** Wait before it, and between the moment and the signal, milliseconds. */
  pauseMs: number
  delayMs: number
  /** It is away, or held up, for so long, milliseconds. */
  downMs: number
  /** Whether the pipeline may recover from it before the next one. */
  recovers: boolean
  /** Which of several. */
  index: number
}

/** The ingester is hit most often: what it does is what is to be proved. */
const weighted: readonly Victim[] = [
  ...Array<Victim>(7).fill('ingester'),
  ...Array<Victim>(5).fill('clickhouse'),
  ...Array<Victim>(4).fill('nats'),
  ...Array<Victim>(3).fill('generator'),
]

const stopShare = 0.2
const longShare = 0.15
/** A short stop takes up to this long, milliseconds. */
const shortStopMs = 2_500
/**
 * A long stop outlasts what the others wait for the part, milliseconds: requests to nats-server 5 s, the ingester's claim
 * 10 s. ClickHouse, for which others wait 30 s and 60 s, has stops of its own: `longClickhouseStops`.
 */
const longStopMs: Readonly<Record<Victim, number>> = {
  nats: 12_000,
  clickhouse: 6_000,
  ingester: 14_000,
  generator: 8_000,
}

/** Draws the next fault. */
export function drawFault(random: Random): Fault {
  const victim = random.pick(weighted)
  const kind = random.share() < stopShare ? 'stop' : 'kill'
  const isLong = random.share() < longShare
  const length = random.share()
  return {
    victim,
    kind,
    moment: victim !== 'generator' && random.share() < 0.5 ? 'pending' : 'any',
    pauseMs: Math.round(random.share() ** 2 * 2_500),
    delayMs: Math.round(random.share() ** 2 * 60),
    downMs: Math.round(
      kind === 'stop' ? (isLong ? longStopMs[victim] : length * shortStopMs) : length ** 3 * 3_000,
    ),
    recovers: random.share() < 0.8,
    index: random.integer(0, 1),
  }
}

/** ClickHouse held up for longer than everybody waits for it. */
export interface LongStop {
  /** From the start of the run, milliseconds. */
  atMs: number
  /** Longer than the ingester waits for an insert: 60 s. */
  downMs: number
  /** Whether the ingester is left alone meanwhile, so that it is its insert that runs out of time. */
  sparesIngester: boolean
}

const longClickhouseStopMs = 66_000
/** A run has one long stop in so much time, milliseconds. */
const longStopEveryMs = 200_000

/** Draws when ClickHouse is held up for long; a run that is too short for that has none. */
export function drawLongStops(random: Random, durationMs: number): LongStop[] {
  return Array.from({ length: Math.floor(durationMs / longStopEveryMs) }, (_, index) => ({
    atMs: Math.round((index + 0.1 + random.share() * 0.5) * longStopEveryMs),
    downMs: longClickhouseStopMs,
    sparesIngester: index % 2 === 0,
  }))
}
