import { setTimeout as delay } from 'node:timers/promises'
import { Events, type KV, type KvEntry, type QueuedIterator } from 'nats'
import { keyOfStored, type ApiKey } from './api-key.js'
import type { NatsLink } from './connection.js'

/** Keys by their hash. */
type Keys = ReadonlyMap<string, ApiKey>

/** All keys as they are now, kept in memory. */
export interface KeyWatch {
  keys(): Keys
  /** Resolves when the keys are so. */
  until(condition: (keys: Keys) => boolean): Promise<void>
  close(): void
}

/** Wait before a reading that broke is begun again, milliseconds. */
const retryWaitMs = 250

/**
 * Follows the bucket. A reading that broke, and every one after a reconnection, begins anew with all that there is: the
 * server may have been away for long, or be another one. Until it is complete, the keys of before go on working.
 *
 * @param open opens the bucket, and makes it where it is missing.
 * @returns when all keys are known.
 * @throws when the first reading fails.
 */
export async function watchKeys(nats: NatsLink, open: () => Promise<KV>): Promise<KeyWatch> {
  let keys: Keys = new Map()
  let ready = false
  const closed = new AbortController()
  let reading: QueuedIterator<KvEntry> | undefined
  const waiting = new Set<() => void>()
  const publish = (next: Keys): void => {
    keys = next
    ready = true
    for (const check of waiting) check()
  }
  const until = async (condition: () => boolean): Promise<void> => {
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (!condition()) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })
  }
  const follow = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      try {
        await readKeys(open, publish, (entries) => {
          reading = entries
          if (closed.signal.aborted) entries.stop()
        })
      } catch (error) {
        if (!ready) throw error
      }
      await delay(retryWaitMs, undefined, { signal: closed.signal }).catch(() => undefined)
    }
  }
  void onReconnect(nats, () => reading?.stop())
  await Promise.race([until(() => ready), follow()])
  return {
    keys: () => keys,
    until: async (condition) => await until(() => condition(keys)),
    close: () => {
      closed.abort()
      reading?.stop()
    },
  }
}

/** One reading of the bucket: all that there is, then every change, until it is stopped or breaks. */
async function readKeys(
  open: () => Promise<KV>,
  publish: (keys: Keys) => void,
  begun: (entries: QueuedIterator<KvEntry>) => void,
): Promise<void> {
  const collected = new Map<string, ApiKey>()
  let complete = false
  const finish = (): void => {
    complete = true
    publish(collected)
  }
  const bucket = await open()
  let told = false
  const entries = await bucket.watch({ initializedFn: () => (told = true) })
  begun(entries)
  // The client tells that all entries are there when they have arrived, not when they have been read. It is believed
  // where there are none; else each entry says how many are behind it.
  if (told && entries.getReceived() === 0) finish()
  for await (const entry of entries) {
    const key = entry.operation === 'PUT' ? keyOfStored(entry.key, jsonOf(entry)) : undefined
    if (key === undefined) collected.delete(entry.key)
    else collected.set(entry.key, key)
    if (complete || entry.delta === 0) finish()
  }
}

async function onReconnect(nats: NatsLink, run: () => void): Promise<void> {
  for await (const { type } of nats.connection.status()) {
    if (type === Events.Reconnect) run()
  }
}

function jsonOf(entry: KvEntry): unknown {
  try {
    return entry.json()
  } catch {
    // What is no JSON is no key.
    return undefined
  }
}
