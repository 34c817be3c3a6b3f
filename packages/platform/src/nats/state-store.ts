import { randomInt } from 'node:crypto'
import { DiscardPolicy, NatsError, RetentionPolicy, StorageType } from 'nats'
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
  await makeBucket(nats, bucket)
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

/** The revisions of a new bucket begin somewhere below this number, which leaves room for all that follow. */
const firstRevisionMax = 2 ** 47

/**
 * Makes a bucket whose revisions begin at a number by chance. Were they to begin at 1, a writer that still names a revision
 * of a bucket that was deleted could meet the same number in the new one, and replace what it has never seen.
 */
async function makeBucket(nats: NatsLink, bucket: string): Promise<void> {
  const name = `KV_${bucket}`
  try {
    await nats.manager.streams.info(name)
  } catch {
    await addBucketStream(nats, bucket, name)
  }
}

/** A failure is told by what opens the bucket: a server before 2.10 makes it there, one that is gone can't. */
async function addBucketStream(nats: NatsLink, bucket: string, name: string): Promise<void> {
  await nats.manager.streams
    .add({
      name,
      subjects: [`$KV.${bucket}.>`],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.New,
      max_msgs_per_subject: 1,
      allow_direct: true,
      allow_rollup_hdrs: true,
      first_seq: randomInt(1, firstRevisionMax),
    })
    .catch(() => undefined)
}
