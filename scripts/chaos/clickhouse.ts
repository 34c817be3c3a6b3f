import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runKills, type KillResult } from './clickhouse/kill-run.js'
import type { ChaosOptions } from './config.js'
import type { ChaosOutcome } from './outcome.js'

const integers = new Intl.NumberFormat('en')

/** `npm run chaos -- clickhouse`: kills an embedded server of its own; its folder is kept when something was wrong. */
export async function chaosClickhouse(
  { kills, seed, data }: ChaosOptions,
  report: (line: string) => void,
): Promise<ChaosOutcome> {
  const startMs = Date.now()
  const dataDir = data ?? mkdtempSync(join(tmpdir(), 'pulsehouse-chaos-'))
  report(`seed ${seed}, folder ${dataDir}`)
  const result = await runKills({ dataDir, kills, seed, report })
  const seconds = Math.round((Date.now() - startMs) / 1000)
  if (data === undefined && result.faults.length === 0) rmSync(dataDir, { recursive: true, force: true })
  else report(`the data folder is kept: ${dataDir}`)
  return {
    summary: describe(result, seed, seconds),
    result: { seed, seconds, ...result },
    faults: result.faults,
  }
}

function describe(
  { kills, killsByMoment, batches, rows, retries, answers }: KillResult,
  seed: number,
  seconds: number,
): string {
  const split = Object.entries(killsByMoment).map(([moment, count]) => `${count} ${moment}`)
  return (
    `${kills} kills (${split.join(', ')}) in ${seconds} s with seed ${seed}: ` +
    `${integers.format(batches)} batches, ${integers.format(rows)} rows, ${retries} retries, ${integers.format(answers)} reads`
  )
}
