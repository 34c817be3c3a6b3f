import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChaosOptions } from './config.js'
import type { ChaosOutcome } from './outcome.js'
import { runPipeline, type PipelineResult } from './pipeline/pipeline-run.js'

const integers = new Intl.NumberFormat('en')

/** `npm run chaos`: the whole pipeline, with servers and a folder of its own, which is kept when something was wrong. */
export async function chaosPipeline(
  { seed, duration, rate, ingesters, data, env }: ChaosOptions,
  report: (line: string) => void,
): Promise<ChaosOutcome> {
  const dataDir = data ?? mkdtempSync(join(tmpdir(), 'pulsehouse-chaos-'))
  report(`seed ${seed}, folder ${dataDir}`)
  const result = await runPipeline({
    dataDir,
    seed,
    durationMs: duration * 1000,
    rate,
    ingesters,
    env,
    report,
  })
  if (data === undefined && result.faults.length === 0) rmSync(dataDir, { recursive: true, force: true })
  else report(`the data folder is kept: ${dataDir}`)
  return {
    summary: describe(result, seed, duration),
    result: { seed, duration, rate, ingesters, ...result },
    faults: result.faults,
  }
}

function describe(result: PipelineResult, seed: number, duration: number): string {
  const { kills, killsByPart, stops, longStops, inFlight, killsInFlight, cutOff } = result.faultsDone
  const split = Object.entries(killsByPart).map(([part, count]) => `${part} ${count}`)
  return [
    `${kills} kills (${split.join(', ')}) and ${stops} stops (${longStops} longer than an insert may take) in ${duration} s with seed ${seed}`,
    `  ${inFlight} of them hit a batch in flight, ${killsInFlight} of these were kills; ${cutOff} kills of the ingester cut a batch off for certain`,
    `  ${integers.format(result.accepted)} events taken by the queue: ${integers.format(result.stored)} stored, ${integers.format(result.rejected)} rejected; ${integers.format(result.eventsPerSecond)} a second`,
    `  ${integers.format(result.acknowledged)} events in the producers' books, ${integers.format(result.unknown)} of unknown outcome (${integers.format(result.unknownStored)} stored)`,
    `  ${result.rollups} rollups, ${integers.format(result.rollupSums)} sums compared; ${integers.format(result.chunks)} chunks seen in the queue, ${result.unseenChunks} missed`,
    `  ${result.takeovers} times another ingester took over; longest time without a commit ${(result.longestStallMs / 1000).toFixed(1)} s; the rest was stored ${(result.drainMs / 1000).toFixed(1)} s after the last fault`,
  ].join('\n')
}
