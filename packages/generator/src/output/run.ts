import { ChunkBuilder } from './chunk-builder.js'
import type { ChunkSink } from './chunk-sink.js'
import { createTraffic } from '../traffic/create-traffic.js'
import { dayCurve, steadyCurve } from '../traffic/day-curve.js'
import { createJsonLine } from '../lines/json-line.js'
import type { GeneratorOptions } from '../options.js'
import type { RunPlan } from './run-plan.js'
import { unpaced, wallClock, withClock } from './pace.js'
import { createPipeLine } from '../lines/pipe-line.js'
import { pump } from './pump.js'
import { openTruthFile } from './truth-file.js'

/**
 * A chunk's limits, well below those of the queue: some 80 events, where a message costs next to nothing an event.
 * With the line that makes it full a chunk fits into a pipe's 64 KiB, so that one call prints it.
 */
export const chunkLimits = { events: 2_000, bytes: 62 * 1024 } as const

/** Runs the traffic that the options ask for into a sink, until its end or the signal. */
export async function run(
  options: GeneratorOptions,
  { startUs, incidents }: RunPlan,
  sink: ChunkSink,
  signal: AbortSignal,
  onStandstill: (lengthMs: number) => void,
): Promise<void> {
  const { rate, seed, anomalyRate, users, count, duration } = options
  const truth = options.truth === undefined ? undefined : openTruthFile(options.truth, incidents)
  try {
    // The clock starts before the shop is built, so that its events are not late by the time that took.
    const pace = rate === 0 ? unpaced : withClock(wallClock, startUs)
    await pump({
      traffic: createTraffic({
        seed,
        startUs,
        anomalyRate,
        incidents,
        ratePerS: rate === 0 ? options.simRate : rate,
        users: users === 0 ? undefined : users,
        curve: options.steady ? steadyCurve : dayCurve,
        onPlanted: (planted) => truth?.note(planted),
      }),
      chunks: new ChunkBuilder(chunkLimits, options.format === 'pipe' ? createPipeLine() : createJsonLine()),
      sink,
      pace,
      eventsMax: count === 0 ? Infinity : count,
      untilUs: duration === 0 ? Infinity : startUs + duration * 1e6,
      signal,
      onStandstill,
    })
  } finally {
    truth?.close()
  }
}
