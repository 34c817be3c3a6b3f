import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startClickhouse, type StartedClickhouse } from '@pulsehouse/embedded-clickhouse'
import { createLogger } from '@pulsehouse/platform'
import type { ChaosOptions } from './config.js'
import type { ChaosOutcome } from './outcome.js'
import { chartOf } from './soak/chart.js'
import { openExchange } from './soak/exchange.js'
import { prepareHistory } from './soak/history.js'
import { judgedFromS, judgeSizes, type Growth } from './soak/judge-size.js'
import { leftIn } from './soak/process-size.js'
import { runCrowd, watch, type CrowdResult, type Watched } from './soak/soak-run.js'

const reportEveryMs = 60_000
const quietWithinMs = 10_000
const stopWithinMs = 10_000

/** `npm run chaos -- soak`: many clients of all kinds with an embedded server of its own, for a while. */
export async function chaosSoak(
  options: ChaosOptions,
  report: (line: string) => void,
): Promise<ChaosOutcome> {
  const dataDir = options.data ?? mkdtempSync(join(tmpdir(), 'pulsehouse-soak-'))
  report(`seed ${options.seed}, folder ${dataDir}, ${options.clients} clients for ${options.minutes} minutes`)
  const server = await startClickhouse({ dataDir, port: 0, log: createLogger('chaos', 'silent') })
  try {
    const { crowd, watched } = await soak(server, options, report)
    crowd.faults.push(...(await stragglers(server.url)), ...(await stop(server, watched)))
    return toOutcome(options, crowd, watched)
  } finally {
    await server.close()
    if (options.data === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
}

async function soak(
  { url, pid }: StartedClickhouse,
  { clients, minutes, seed }: ChaosOptions,
  report: (line: string) => void,
): Promise<{ crowd: CrowdResult; watched: Watched }> {
  const setup = openExchange(url)
  await prepareHistory(setup)
  setup.close()
  const until = AbortSignal.timeout(minutes * 60_000)
  const watching = new AbortController()
  const watched = watch(pid, watching.signal)
  watched.catch(() => {})
  const startMs = Date.now()
  const reporting = setInterval(() => {
    report(`${Math.round((Date.now() - startMs) / 60_000)} of ${minutes} minutes`)
  }, reportEveryMs)
  try {
    const crowd = await runCrowd(url, clients, seed, until)
    watching.abort()
    return { crowd, watched: await watched }
  } finally {
    clearInterval(reporting)
  }
}

/** Queries that still run when nobody waits for them any more. */
async function stragglers(url: string): Promise<string[]> {
  const exchange = openExchange(url)
  const sql =
    "SELECT count(), any(query) FROM system.processes WHERE query NOT LIKE '%system.processes%' FORMAT TSV"
  const deadline = Date.now() + quietWithinMs
  try {
    for (;;) {
      const { text } = await exchange.ask({ sql })
      const [count, query] = text.split('\t')
      if (count === '0') return []
      if (Date.now() > deadline)
        return [
          `${count} queries still run ${quietWithinMs / 1000} s after their clients have gone: ${query}`,
        ]
      await delay(100)
    }
  } finally {
    exchange.close()
  }
}

async function stop(server: StartedClickhouse, { places }: Watched): Promise<string[]> {
  const startMs = Date.now()
  await server.close()
  const tookMs = Date.now() - startMs
  const faults = leftIn(places).map((path) => `${path} is left behind.`)
  if (tookMs > stopWithinMs) faults.push(`The server took ${tookMs} ms to stop.`)
  return faults
}

function toOutcome(
  { seed, minutes, clients }: ChaosOptions,
  crowd: CrowdResult,
  { sizes }: Watched,
): ChaosOutcome {
  const lastedS = sizes.at(-1)?.atS ?? 0
  const growth = lastedS < judgedFromS ? [] : judgeSizes(sizes)
  const grown = growth
    .filter(({ flat }) => !flat)
    .map(
      ({ of, before, after, most }) =>
        `${of} grew from ${before} in the second quarter to ${after} in the last; ${Math.round(most)} are allowed.`,
    )
  const turns = Object.entries(crowd.turns).map(([kind, count]) => `${count} ${kind}`)
  return {
    summary: [
      `${minutes} minutes, ${clients} clients, seed ${seed}; turns: ${turns.join(', ')}; slowest ping and SELECT 1 ${crowd.slowestPingMs} ms`,
      chartOf(sizes),
      describeGrowth(growth),
    ].join('\n'),
    result: {
      seed,
      minutes,
      clients,
      turns: crowd.turns,
      slowestPingMs: crowd.slowestPingMs,
      growth,
      sizes: byMinute(sizes),
    },
    faults: [...crowd.faults, ...grown],
  }
}

function describeGrowth(growth: readonly Growth[]): string {
  if (growth.length === 0) return `memory is judged from ${judgedFromS} s on: this was all warm-up`
  return growth
    .map(({ of, before, after }) => `${of}: median ${before} in the second quarter, ${after} in the last`)
    .join('\n')
}

function byMinute(sizes: Watched['sizes']): Watched['sizes'] {
  return sizes.filter(({ atS }, at) => Math.floor(atS / 60) !== Math.floor((sizes[at - 1]?.atS ?? -60) / 60))
}
