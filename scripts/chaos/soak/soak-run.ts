import { setTimeout as delay } from 'node:timers/promises'
import { openRandom, type Random } from '../random.js'
import type { ClientKind } from './client.js'
import { openExchange } from './exchange.js'
import { placesInMemory, sizeOf, sizesAreKnown, type ProcessSize } from './process-size.js'
import { dashboard, leaver, slowReader } from './reading-clients.js'
import { blunderer, pinger, sessionUser } from './small-clients.js'
import { breaker, inserter } from './writing-clients.js'

/** Twenty clients; more or fewer begin from the front again, or end earlier. */
const crowd: readonly ClientKind[] = [
  inserter,
  dashboard,
  leaver,
  breaker,
  blunderer,
  sessionUser,
  slowReader,
  pinger,
  inserter,
  dashboard,
  inserter,
  dashboard,
  leaver,
  inserter,
  dashboard,
  sessionUser,
  slowReader,
  breaker,
  inserter,
  dashboard,
]
const pauseMaxMs = 40
const sampleEveryMs = 1_000
const faultsMax = 20

/** What clients have done and seen. */
export interface CrowdResult {
  /** Turns that came to their end, by kind of client. */
  turns: Record<string, number>
  /** The longest turn of a client that pings, in milliseconds. */
  slowestPingMs: number
  faults: string[]
}

/** Lets clients of all kinds work with a server for a while. */
export async function runCrowd(
  url: string,
  clients: number,
  seed: number,
  until: AbortSignal,
): Promise<CrowdResult> {
  const result: CrowdResult = { turns: {}, slowestPingMs: 0, faults: [] }
  const random = openRandom(seed)
  await Promise.all(
    Array.from({ length: clients }, async (_, id) => {
      const kind = crowd[id % crowd.length] ?? pinger
      await runClient(kind, id, url, openRandom(random.integer(0, 2 ** 31)), until, result)
    }),
  )
  return result
}

async function runClient(
  kind: ClientKind,
  id: number,
  url: string,
  random: Random,
  until: AbortSignal,
  result: CrowdResult,
): Promise<void> {
  const exchange = openExchange(url)
  const wrong = (sentence: string): void => {
    if (result.faults.length < faultsMax) result.faults.push(`${kind.name} ${id}: ${sentence}`)
  }
  const turn = kind.open({ id, exchange, random, wrong })
  while (!until.aborted && result.faults.length < faultsMax) {
    const startMs = performance.now()
    try {
      await turn()
    } catch (error) {
      wrong(error instanceof Error ? error.message : String(error))
    }
    if (kind === pinger)
      result.slowestPingMs = Math.max(result.slowestPingMs, Math.round(performance.now() - startMs))
    result.turns[kind.name] = (result.turns[kind.name] ?? 0) + 1
    await delay(random.integer(0, pauseMaxMs))
  }
  exchange.close()
}

/** What was seen of the server's process from outside. */
export interface Watched {
  sizes: ProcessSize[]
  places: Set<string>
}

/** Measures the server's process every second. @throws when it ends. */
export async function watch(pid: number, until: AbortSignal): Promise<Watched> {
  const watched: Watched = { sizes: [], places: new Set() }
  if (!sizesAreKnown) return watched
  const startMs = performance.now()
  while (!until.aborted) {
    watched.sizes.push(sizeOf(pid, Math.round((performance.now() - startMs) / 1000)))
    for (const place of placesInMemory(pid)) watched.places.add(place)
    await delay(sampleEveryMs, undefined, { signal: until }).catch(() => {})
  }
  return watched
}
