import { StorageType, type KV } from 'nats'
import {
  drawApiKey,
  hashOfKey,
  idOfHash,
  keyOfStored,
  storedOf,
  type ApiKey,
  type KeyGrant,
} from './api-key.js'
import { watchBucket } from './bucket-watch.js'
import type { NatsLink } from './connection.js'

/** The keys of the API. Only their hashes are stored: whoever reads the bucket can't call the API. */
export interface KeyStore {
  /** Whose key it is; undefined for a key that nobody has. It is answered from memory: NATS may be away. */
  find(key: string): ApiKey | undefined
  /** All keys, the oldest first. */
  list(): ApiKey[]
  /**
   * Makes a key. The key itself is in the answer and nowhere else.
   *
   * @throws {KeysFull} when there are too many keys.
   */
  make(grant: KeyGrant): Promise<{ key: string; made: ApiKey }>
  /** Lets in a key that was made before, after the bucket was deleted. @throws when it is no key. */
  register(key: string, grant: KeyGrant): Promise<ApiKey>
  /** Deletes a key. @returns false when there is none of this id. */
  revoke(id: string): Promise<boolean>
  close(): void
}

/** There is no room for another key. */
export class KeysFull extends Error {}

const bucket = 'PULSEHOUSE_KEYS'
/** The stream that nats-server keeps the bucket in. */
export const keyStream = `KV_${bucket}`
/** So many keys fit in: all of them are held in memory by every process of the API. */
const keysMax = 1_000

/**
 * Opens the keys and follows their changes: one that is made or revoked by any process counts at once. While NATS is
 * away, the keys known so far go on working.
 *
 * @throws when NATS does not answer.
 */
export async function openKeyStore(nats: NatsLink): Promise<KeyStore> {
  const open = async (): Promise<KV> =>
    await nats.jetstream.views.kv(bucket, { history: 1, storage: StorageType.File })
  const kv = await open()
  const watch = await watchBucket(nats, { open, parse: keyOfStored })
  const put = async (key: string, grant: KeyGrant): Promise<ApiKey> => {
    const hash = hashOfKey(key)
    if (hash === undefined)
      throw new Error('The text is no API key: it must be ph_ and 43 letters, digits, - or _.')
    if (watch.entries().size >= keysMax) {
      throw new KeysFull(`There are ${keysMax} keys already: revoke one that nobody uses.`)
    }
    const made: ApiKey = { ...grant, id: idOfHash(hash), createdAt: new Date().toISOString() }
    await kv.put(hash, JSON.stringify(storedOf(made)))
    await watch.untilOwnChange((keys) => keys.has(hash))
    return made
  }
  return {
    find: (key) => {
      const hash = hashOfKey(key)
      return hash === undefined ? undefined : watch.entries().get(hash)
    },
    list: () => [...watch.entries().values()].toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1)),
    make: async (grant) => {
      const key = drawApiKey()
      return { key, made: await put(key, grant) }
    },
    register: put,
    revoke: async (id) => {
      const hash = [...watch.entries()].find(([, key]) => key.id === id)?.[0]
      if (hash === undefined) return false
      await kv.delete(hash)
      await watch.untilOwnChange((keys) => !keys.has(hash))
      return true
    },
    close: () => watch.close(),
  }
}
