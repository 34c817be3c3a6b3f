import { purgeLogStream, readLogStreamState, type Logger, type NatsLink } from '@pulsehouse/platform'

/** A part of the stream that is fuller than this is cleared at once, replay window or not: producers would wait. */
const crowdedShare = 0.5
const checkEveryMs = 2_000

/** Clears the stream of what is stored, once it is older than the replay window. */
export interface Janitor {
  stop(): void
}

/**
 * Starts clearing. What is committed stays in the stream for the replay window, for whoever follows the live tail or
 * has to look at what came in; then it goes, so that the stream's limits are never reached by what is done with.
 *
 * @param committed tells the sequence up to which everything is stored.
 */
export function startJanitor(
  parts: { nats: NatsLink; log: Logger; committed: () => number },
  replayWindowMs: number,
): Janitor {
  const history: { atMs: number; seq: number }[] = []
  let purgedThrough = 0
  let busy = false
  const check = async (): Promise<void> => {
    const now = Date.now()
    const committed = parts.committed()
    if (committed > (history.at(-1)?.seq ?? 0)) history.push({ atMs: now, seq: committed })
    const { bytes, bytesMax } = await readLogStreamState(parts.nats)
    const crowded = bytesMax > 0 && bytes > bytesMax * crowdedShare
    const aged = history.findLast(({ atMs }) => now - atMs >= replayWindowMs)?.seq ?? 0
    const through = crowded ? committed : aged
    if (through <= purgedThrough) return
    await purgeLogStream(parts.nats, through)
    purgedThrough = through
    const kept = history.findIndex(({ seq }) => seq > through)
    history.splice(0, kept === -1 ? history.length : kept)
  }
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    check()
      .catch((error: unknown) =>
        parts.log.warn({ err: error }, 'the stream could not be cleared; trying again'),
      )
      .finally(() => (busy = false))
  }, checkEveryMs)
  return { stop: () => clearInterval(timer) }
}
