import { limits } from '@pulsehouse/events'
import { ChunkBuilder, type ChunkLimits } from './chunk-builder.js'
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

/** Limits of a printed chunk: with the line that makes it full it fits into a pipe's 64 KiB, so one call prints it. */
export const printedChunk: ChunkLimits = { events: 2_000, bytes: 62 * 1024 }

/**
 * Limits of a published chunk: some 600 events, just below what the queue takes. Every message costs client, server and
 * ingester the same whatever it holds; at low rates the clock ends a chunk long before.
 */
export const publishedChunk: ChunkLimits = { events: limits.chunkEventsMax, bytes: 480 * 1024 }

/** Runs the traffic that the options ask for into a sink, until its end or the signal. */
export async function run(
  options: GeneratorOptions,
  { startUs, incidents }: RunPlan,
  sink: ChunkSink,
  signal: AbortSignal,
  onStandstill: (lengthMs: number) => void,
): Promise<void> {
  const { rate, seed, anomalyRate, users, count, duration } = options
  const writeLine = options.format === 'pipe' ? createPipeLine() : createJsonLine()
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
      chunks: new ChunkBuilder(options.stdout ? printedChunk : publishedChunk, writeLine),
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
