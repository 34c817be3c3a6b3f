import type { NatsLink } from './nats/connection.js'
import { openStateStore, type StateStore } from './nats/state-store.js'

/** What the detector that judges writes down of itself. */
export interface DetectorState {
  /** Host, process and the like, for people. */
  owner: string
  /** Beginning of the last minute that it has judged, seconds since 1970; absent before its first. */
  judgedSeconds?: number
}

/** Opens the state of the detector; whoever has written it last is the one that judges. */
export async function openDetectorState(nats: NatsLink): Promise<StateStore> {
  return await openStateStore(nats, 'PULSEHOUSE_DETECTOR', 'judge')
}

/**
 * How far the detector is behind: the time since the end of the last minute that it has judged, seconds; about a minute where
 * all is well. Infinite where it has judged none.
 *
 * @throws when NATS does not answer.
 */
export async function readDetectorLag(nats: NatsLink, nowMs: number): Promise<number> {
  const { value } = await (await openDetectorState(nats)).load()
  const { judgedSeconds } = (value ?? {}) as Partial<DetectorState>
  return judgedSeconds === undefined ? Infinity : Math.max(nowMs / 1000 - judgedSeconds - 60, 0)
}
