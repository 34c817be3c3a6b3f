import { setTimeout as delay } from 'node:timers/promises'
import { Events, type KV, type KvEntry, type QueuedIterator } from 'nats'
import type { NatsLink } from './connection.js'

/** What is in the bucket, by the key that it is stored under. */
type Entries<Entry> = ReadonlyMap<string, Entry>

/** All entries of a bucket as they are now, kept in memory. */
export interface BucketWatch<Entry> {
  entries(): Entries<Entry>
  /** Resolves when the entries are so, or after a while: a change of our own is waited for until our reading has it. */
  untilOwnChange(condition: (entries: Entries<Entry>) => boolean): Promise<void>
  close(): void
}

/** A bucket, and what its entries mean. */
export interface WatchedBucket<Entry> {
  /** Opens the bucket, and makes it where it is missing. */
  open: () => Promise<KV>
  /** Reads a stored value; undefined for what is damaged or of a newer version, which then counts as not there. */
  parse: (key: string, value: unknown) => Entry | undefined
}

/** Wait before a reading that broke is begun again, milliseconds. */
const retryWaitMs = 250
/** A change is waited for until our own reading has it, milliseconds; others have it at about the same time. */
const ownChangeTimeoutMs = 2_000

/**
 * Follows the bucket. A reading that broke, and every one after a reconnection, begins anew with all that there is: the
 * server may have been away for long, or be another one. Until it is complete, the entries of before go on counting.
 *
 * @returns when all entries are known.
 * @throws when the first reading fails.
 */
export async function watchBucket<Entry>(
  nats: NatsLink,
  bucket: WatchedBucket<Entry>,
): Promise<BucketWatch<Entry>> {
  let entries: Entries<Entry> = new Map()
  let ready = false
  const closed = new AbortController()
  let reading: QueuedIterator<KvEntry> | undefined
  const waiting = new Set<() => void>()
  const publish = (next: Entries<Entry>): void => {
    entries = next
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
        await readBucket(bucket, publish, (begun) => {
          reading = begun
          if (closed.signal.aborted) begun.stop()
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
    entries: () => entries,
    untilOwnChange: async (condition) =>
      await Promise.race([
        until(() => condition(entries)),
        delay(ownChangeTimeoutMs, undefined, { ref: false }),
      ]),
    close: () => {
      closed.abort()
      reading?.stop()
    },
  }
}

/** One reading of the bucket: all that there is, then every change, until it is stopped or breaks. */
async function readBucket<Entry>(
  { open, parse }: WatchedBucket<Entry>,
  publish: (entries: Entries<Entry>) => void,
  begun: (reading: QueuedIterator<KvEntry>) => void,
): Promise<void> {
  const collected = new Map<string, Entry>()
  let complete = false
  const finish = (): void => {
    complete = true
    publish(collected)
  }
  const bucket = await open()
  let told = false
  const reading = await bucket.watch({ initializedFn: () => (told = true) })
  begun(reading)
  // The client tells that all entries are there when they have arrived, not when they have been read. It is believed
  // where there are none; else each entry says how many are behind it.
  if (told && reading.getReceived() === 0) finish()
  for await (const entry of reading) {
    const value = entry.operation === 'PUT' ? parse(entry.key, jsonOf(entry)) : undefined
    if (value === undefined) collected.delete(entry.key)
    else collected.set(entry.key, value)
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
    // What is no JSON is no entry.
    return undefined
  }
}
