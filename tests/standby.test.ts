import { describe, expect, test } from 'vitest'
import {
  ensureLogStream,
  openIngestState,
  parseIngestState,
  readAccounting,
  readLogStreamState,
} from '@pulsehouse/platform'
import {
  publishEvents,
  startStores,
  streamBytesMax,
  untilDrained,
  untilOutput,
} from './support/delivery-stores.js'
import { openNats, startIngester, startNats } from './support/servers.js'
import { temporaryFolder } from './support/temporary-folder.js'
import { until } from './support/until.js'

describe('an ingester', () => {
  test('stands by while another one works, takes over within 10 s of its death, and the frozen one stands by', async () => {
    const { folder, natsServer, clickhouseServer, clickhouse, nats } = await startStores()
    const first = startIngester(folder, natsServer, clickhouseServer)
    await untilOutput(first, 'reading the stream')
    const second = startIngester(folder, natsServer, clickhouseServer)
    await untilOutput(second, 'standing by')
    await publishEvents(nats, 3, 10, 'together')
    await untilDrained(nats)
    expect(second.output()).not.toContain('reading the stream')

    first.child.kill('SIGSTOP')
    const stoppedAtMs = performance.now()
    await publishEvents(nats, 3, 10, 'frozen')
    await untilOutput(second, 'reading the stream')
    expect(performance.now() - stoppedAtMs).toBeLessThan(10_000)
    await untilDrained(nats)
    first.child.kill('SIGCONT')
    await untilOutput(first, 'has taken the stream over')
    await publishEvents(nats, 3, 10, 'thawed')
    await untilDrained(nats)
    expect([first.child.exitCode, second.child.exitCode]).toEqual([null, null])

    await second.stop('SIGKILL')
    await publishEvents(nats, 3, 10, 'killed')
    await untilDrained(nats)
    const accounting = await readAccounting(nats, clickhouse)
    expect(accounting).toMatchObject({ balanced: true, stored: 120, faults: [] })
  })

  test('gives the stream up when it is stopped: the next one need not wait', async () => {
    const { folder, natsServer, clickhouseServer, nats } = await startStores()
    const first = startIngester(folder, natsServer, clickhouseServer)
    await untilOutput(first, 'reading the stream')
    await publishEvents(nats, 2, 10, 'stop')
    await untilDrained(nats)
    await first.stop('SIGTERM')
    const state = parseIngestState((await (await openIngestState(nats)).load()).value)
    expect(state).toMatchObject({ owner: '', committed: 2, pending: null })
    const second = startIngester(folder, natsServer, clickhouseServer)
    await untilOutput(second, 'reading the stream')
    expect(second.output()).not.toContain('standing by')
  })

  test('begins again when the stream is deleted and made anew under it', async () => {
    const { folder, natsServer, clickhouseServer, clickhouse, nats } = await startStores()
    const ingester = startIngester(folder, natsServer, clickhouseServer)
    await publishEvents(nats, 5, 10, 'old')
    await untilDrained(nats)
    const { createdSeconds } = await readLogStreamState(nats)
    await nats.manager.streams.delete('LOGS')
    await until('the second is over', () =>
      Promise.resolve(Date.now() >= (createdSeconds + 1) * 1000 || undefined),
    )
    await ensureLogStream(nats, streamBytesMax)
    await publishEvents(nats, 8, 10, 'new')
    await untilDrained(nats)
    expect(ingester.output()).toContain('made anew')
    const rows = await clickhouse.query(
      'SELECT count() AS n, uniqExact(stream_seq) AS chunks FROM logs GROUP BY stream_created ORDER BY n',
    )
    expect(rows).toEqual([
      { n: 50, chunks: 5 },
      { n: 80, chunks: 8 },
    ])
  })
})

describe('the state', () => {
  test('does not repeat its revisions when its bucket is made anew', async () => {
    const nats = await openNats(await startNats(temporaryFolder()))
    const revisionOfFirst = async (): Promise<number> => {
      const store = await openIngestState(nats)
      const first = await store.replace({ any: 'state' }, 0)
      expect(await store.load()).toEqual({ value: { any: 'state' }, revision: first })
      expect(await store.replace({ any: 'other' }, first)).toBe(first + 1)
      await expect(store.replace({ any: 'third' }, first)).rejects.toThrow('another process has written')
      return first
    }
    const before = await revisionOfFirst()
    await nats.manager.streams.delete('KV_PULSEHOUSE_INGEST')
    expect(Math.abs((await revisionOfFirst()) - before)).toBeGreaterThan(1_000)
  })
})
