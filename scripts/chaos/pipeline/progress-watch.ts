import { setTimeout as delay } from 'node:timers/promises'
import { openIngestState, parseIngestState, type IngestState, type NatsLink } from '@pulsehouse/platform'

const lookEveryMs = 8
/** Wait before a store that could not be opened is tried again, milliseconds. */
const retryWaitMs = 200

/** Looks at the ingester's state all the time. */
export interface ProgressWatch {
  /** As it was seen last; undefined until there is one. */
  seen(): IngestState | undefined
  /** Reads it anew; undefined where the queue does not answer in time, milliseconds. */
  look(withinMs: number): Promise<IngestState | undefined>
  /** Resolves when a range begins to be pending, or after a while, milliseconds. @returns whether one did. */
  untilPending(withinMs: number): Promise<boolean>
  /** Resolves when something has been committed from now on, or after a while. @returns whether it was. */
  untilCommitted(withinMs: number): Promise<boolean>
  /** How long nothing has been committed now, milliseconds. */
  stallMs(): number
  /** The longest time without a commit, milliseconds. */
  longestStallMs(): number
  /** How often the state went from one process to another. */
  takeovers(): number
  close(): Promise<void>
}

/** Starts looking. */
export function watchProgress(nats: NatsLink): ProgressWatch {
  const closed = new AbortController()
  const waiting = new Set<() => void>()
  let seen: IngestState | undefined
  let committedAtMs = Date.now()
  let longestStallMs = 0
  let owner = ''
  let takeovers = 0
  const note = (state: IngestState): void => {
    const atMs = Date.now()
    longestStallMs = Math.max(longestStallMs, atMs - committedAtMs)
    if (state.committed !== seen?.committed) committedAtMs = atMs
    // A part that stopped in order has left no name.
    if (state.owner !== '' && state.owner !== owner) {
      takeovers += owner === '' ? 0 : 1
      owner = state.owner
    }
    seen = state
    for (const check of waiting) check()
  }
  const load = async (): Promise<IngestState | undefined> => {
    const store = await openIngestState(nats)
    return parseIngestState((await store.load()).value)
  }
  const lookOn = async (): Promise<void> => {
    const store = await openIngestState(nats)
    while (!closed.signal.aborted) {
      const state = parseIngestState((await store.load()).value)
      if (state !== undefined) note(state)
      await pause(lookEveryMs, closed.signal)
    }
  }
  const run = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      // Its server is killed all the time: then it is looked at again.
      await lookOn().catch(() => {})
      await pause(retryWaitMs, closed.signal)
    }
  }
  const until = async (condition: () => boolean, withinMs: number): Promise<boolean> => {
    const over = new AbortController()
    const arrived = new Promise<boolean>((resolve) => {
      const check = (): void => {
        if (condition()) resolve(true)
      }
      waiting.add(check)
      over.signal.addEventListener('abort', () => waiting.delete(check))
    })
    const late = delay(withinMs, false, { signal: over.signal }).catch(() => false)
    try {
      return await Promise.race([arrived, late])
    } finally {
      over.abort()
    }
  }
  const running = run()
  return {
    seen: () => seen,
    look: async (withinMs) =>
      await Promise.race([load().catch(() => undefined), delay(withinMs, undefined, { ref: false })]),
    untilPending: async (withinMs) => {
      const before = seen?.pending?.last ?? 0
      return await until(() => (seen?.pending?.last ?? 0) > before, withinMs)
    },
    untilCommitted: async (withinMs) => {
      const before = seen?.committed ?? 0
      return await until(() => (seen?.committed ?? 0) > before, withinMs)
    },
    stallMs: () => Date.now() - committedAtMs,
    longestStallMs: () => longestStallMs,
    takeovers: () => takeovers,
    close: async () => {
      closed.abort()
      await running
    },
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {})
}
