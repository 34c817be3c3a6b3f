import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Statements for the engine, called without a server. */
export interface DirectJob {
  /** They run at once. */
  sqls: readonly string[]
  /** With the thread blocked until the result is there, with a promise of the whole result, or chunk by chunk as Native. */
  way: 'blocking' | 'whole' | 'streamed'
  times: number
}

/** What came of it. */
export type DirectAnswer = Timing | { failure: string }

/** Durations of the same thing done several times, in milliseconds, and the size of the last results in bytes. */
export interface Timing {
  ms: number[]
  bytes: number
}

/** What we use of the addon below npm's `chdb`, which no part of ours stands between here. */
interface Addon {
  CreateConnection(path: string, args: readonly string[]): object
  QueryWithConnection(connection: object, sql: string, format: string): string
  QueryAsyncConnection(connection: object, sql: string, format: string): Promise<{ bytes: Uint8Array }>
  StreamQuery(connection: object, sql: string, format: string): object
  StreamFetch(stream: object): Promise<{ bytes: Uint8Array; done: boolean }>
  StreamCancel(stream: object): void
}

/**
 * A process that owns an engine of its own over a folder and runs what it is told: the engine
 * opens one folder in a process's life, so the direct side of a comparison can't live in the process that compares.
 */
const addon = loadAddon()
const dataDir = process.argv[2] ?? ''
const connections: object[] = []

const ways: Record<DirectJob['way'], (connection: object, sql: string) => Promise<number>> = {
  blocking: (connection, sql) =>
    Promise.resolve(addon.QueryWithConnection(connection, sql, 'TabSeparated').length),
  whole: async (connection, sql) =>
    (await addon.QueryAsyncConnection(connection, sql, 'TabSeparated')).bytes.length,
  streamed: async (connection, sql) => {
    const stream = addon.StreamQuery(connection, sql, 'Native')
    try {
      for (let bytes = 0; ;) {
        const chunk = await addon.StreamFetch(stream)
        if (chunk.done) return bytes
        bytes += chunk.bytes.length
      }
    } finally {
      addon.StreamCancel(stream)
    }
  },
}

process.on('message', (job: DirectJob) => {
  void run(job).then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

async function run({ sqls, way, times }: DirectJob): Promise<DirectAnswer> {
  try {
    const ms: number[] = []
    let bytes = 0
    for (let i = 0; i < times; i += 1) {
      const startMs = performance.now()
      const sizes = await Promise.all(sqls.map((sql, at) => ways[way](connectionFor(at), sql)))
      bytes = sizes.reduce((sum, size) => sum + size, 0)
      ms.push(performance.now() - startMs)
    }
    return { ms, bytes }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}

/** A connection runs one statement at a time, so those that run at once have one each, which is kept. */
function connectionFor(at: number): object {
  return (connections[at] ??= addon.CreateConnection(dataDir, ['--async_insert=0']))
}

/** The addon as the embedded server resolves it, through the loader that the package has for itself. */
function loadAddon(): Addon {
  const server = fileURLToPath(import.meta.resolve('@pulsehouse/embedded-clickhouse'))
  const load = createRequire(server)
  const loader = join(dirname(load.resolve('chdb')), 'dist/loader.js')
  return (load(loader) as { loadNative: () => Addon }).loadNative()
}
