import { NatsError, StorageType } from 'nats'
import type { NatsLink } from './connection.js'

/** Somebody else has written the entry since it was read. */
export class StateConflict extends Error {}

/** One JSON value in the queue's server that is only ever replaced by whoever has seen the latest. */
export interface StateStore {
  /** The value and its revision; a store that was never written has revision 0 and no value. */
  load(): Promise<{ value: unknown; revision: number }>
  /**
   * Replaces the value if its revision is still the given one.
   *
   * @returns the new revision.
   * @throws {StateConflict} if another writer came first.
   */
  replace(value: unknown, revision: number): Promise<number>
}

const wrongLastSequence = 10071

/** Opens an entry of a key-value bucket, which is made where it is missing. */
export async function openStateStore(nats: NatsLink, bucket: string, key: string): Promise<StateStore> {
  const kv = await nats.jetstream.views.kv(bucket, { history: 1, storage: StorageType.File })
  return {
    load: async () => {
      const entry = await kv.get(key)
      if (entry === null) return { value: undefined, revision: 0 }
      // A deleted entry still has a revision, which the next write must name.
      return { value: entry.operation === 'PUT' ? entry.json() : undefined, revision: entry.revision }
    },
    replace: async (value, revision) => {
      try {
        return await kv.put(key, JSON.stringify(value), { previousSeq: revision })
      } catch (error) {
        if (error instanceof NatsError && error.api_error?.err_code === wrongLastSequence) {
          throw new StateConflict(`another process has written ${bucket}/${key}`, { cause: error })
        }
        throw error
      }
    },
  }
}
