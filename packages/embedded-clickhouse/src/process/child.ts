import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { join } from 'node:path'
import { spoolFolderOf } from '../http/spool.js'
import { limits } from '../limits.js'

const compiled = join(import.meta.dirname, '../../dist')

/**
 * What has to be in the environment of a process that runs `main.ts` before its first instruction: the size of
 * Node's thread pool, the time zone, which the engine takes its own from, and what confines the process to its own
 * files. Without it, the process starts a second one that has it.
 */
export function serverEnvironment(dataDir: string): Readonly<Record<string, string>> {
  return {
    UV_THREADPOOL_SIZE: String(limits.threadPoolSize),
    TZ: 'UTC',
    // Where the engine makes files for a moment, as for the schema of a format.
    TMPDIR: join(dataDir, 'tmp'),
    NODE_OPTIONS: `--require="${join(compiled, 'process/sandbox.cjs')}"`,
    EMBEDDED_CLICKHOUSE_FOLDER: dataDir,
    EMBEDDED_CLICKHOUSE_SPOOL: spoolFolderOf(dataDir),
  }
}

/** Starts the server in a process of its own, with that environment. */
export function spawnServer(
  dataDir: string,
  args: readonly string[],
  stdio: StdioOptions,
  env: NodeJS.ProcessEnv,
): ChildProcess {
  return spawn(process.execPath, [join(compiled, 'main.js'), ...args], {
    env: { ...env, ...serverEnvironment(dataDir) },
    stdio,
  })
}

/** Whether this process was started with that environment. */
export function hasServerEnvironment(dataDir: string, env: NodeJS.ProcessEnv): boolean {
  return Object.entries(serverEnvironment(dataDir)).every(([name, value]) => env[name] === value)
}

/** Stands in for the server's process: passes signals on to it, its messages back, and exits as it does. */
export function relay(child: ChildProcess): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.on('message', (message: object) => process.send?.(message))
  process.on('disconnect', () => child.disconnect())
  child.on('exit', (code) => process.exit(code ?? 1))
}
