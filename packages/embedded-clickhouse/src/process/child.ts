import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { join } from 'node:path'
import { limits } from '../limits.js'

/**
 * Starts the server in a process of its own, with what has to be in its environment before the first
 * instruction: the size of Node's thread pool, which a running process can't change, and the time zone, which
 * the engine takes its own from.
 */
export function spawnServer(args: readonly string[], stdio: StdioOptions): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, '../../dist/main.js'), ...args], {
    env: { ...process.env, ...serverEnvironment },
    stdio,
  })
}

/** Whether this process was started with that environment. */
export function hasServerEnvironment(env: NodeJS.ProcessEnv): boolean {
  return Object.entries(serverEnvironment).every(([name, value]) => env[name] === value)
}

/** What has to be in the environment of a process that runs `main.ts`; without it, it starts a second one that has. */
export const serverEnvironment: Readonly<Record<string, string>> = {
  UV_THREADPOOL_SIZE: String(limits.threadPoolSize),
  TZ: 'UTC',
}

/** Stands in for the server's process: passes signals on to it, its messages back, and exits as it does. */
export function relay(child: ChildProcess): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.on('message', (message: object) => process.send?.(message))
  process.on('disconnect', () => child.disconnect())
  child.on('exit', (code) => process.exit(code ?? 1))
}
