import { spawn, type ChildProcess } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { LogFile } from './log-file.js'

/** How a part of the stack is run. */
export interface PartDescription {
  name: string
  file: string
  args: string[]
  env: NodeJS.ProcessEnv
  logPath: string
  /** Holds the process id while the part runs, so that the next start finds what this one left behind. */
  pidPath: string
  /** Whether the part says `ready` over IPC, and before it `{ doing }`, if it likes; else this is asked until it is true. */
  ready: 'message' | (() => Promise<boolean>)
  /** How long it may take to get ready, and to stop, milliseconds. */
  startTimeoutMs: number
  stopTimeoutMs: number
  /** Everything it prints, for `--verbose`. */
  echo?: ((line: string) => void) | undefined
}

/** What a part is doing. */
export type PartState = 'starting' | 'running' | 'restarting' | 'stopped'

/** What the status line says of a part. */
export interface PartCondition {
  name: string
  state: PartState
  /** Deaths in a row. */
  deaths: number
  /** What it does before it is ready, where it says so. */
  doing?: string | undefined
}

/** Wait before a part that died is started again, milliseconds: doubled each time, from the first to the longest. */
const restartWaitMs = { min: 500, max: 30_000 } as const
/** A part that has run for this long has recovered: its next death counts as the first. */
const recoveredAfterMs = 60_000
const pollEveryMs = 100

/** One process of the stack: started, watched, started again when it dies, and stopped. */
export class Part implements PartCondition {
  readonly description: PartDescription
  readonly name: string
  state: PartState = 'stopped'
  deaths = 0
  doing: string | undefined
  readonly #log: LogFile
  #process: ChildProcess | undefined
  #exited: Promise<void> = Promise.resolve()
  #stopping = false
  readonly #stopped = new AbortController()

  constructor(description: PartDescription) {
    this.description = description
    this.name = description.name
    this.#log = new LogFile(description.logPath)
  }

  /** Starts it and waits until it is ready. @throws when it dies before or takes too long; the message says why. */
  async start(): Promise<void> {
    try {
      await this.#launch()
    } catch (error) {
      this.state = 'stopped'
      throw error
    }
    void this.#watch()
  }

  /** Has it started again, as if it had died. */
  restart(): void {
    this.#process?.kill('SIGTERM')
  }

  /** Stops it and waits; it is killed when it takes too long. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#stopped.abort()
    const child = this.#process
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      const stopped = await Promise.race([
        this.#exited.then(() => true),
        delay(this.description.stopTimeoutMs, false, { ref: false }),
      ])
      if (!stopped) child.kill('SIGKILL')
      await this.#exited
    }
    this.state = 'stopped'
    this.#log.close()
  }

  async #launch(): Promise<void> {
    const { name, file, args, env, startTimeoutMs, ready, pidPath } = this.description
    this.state = this.deaths === 0 ? 'starting' : 'restarting'
    const says = ready === 'message'
    // A process group of its own: Ctrl-C reaches only us, and we stop the parts in order.
    const child = spawn(file, args, {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(says ? ['ipc' as const] : [])],
    })
    this.#process = child
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#print(`${error.message}\n`)
        resolve()
      })
      child.once('exit', () => resolve())
    })
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#print(text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#print(text))
    if (child.pid !== undefined) writeFileSync(pidPath, String(child.pid))
    const readiness = says
      ? new Promise<true>((resolve) => child.on('message', (said) => this.#hear(said, resolve)))
      : poll(ready)
    const outcome = await Promise.race([
      readiness,
      this.#exited.then(() => 'died' as const),
      delay(startTimeoutMs, 'late' as const, { ref: false, signal: this.#stopped.signal }).catch(
        () => 'late' as const,
      ),
    ])
    if (outcome === true) {
      this.state = 'running'
      return
    }
    if (outcome === 'late') child.kill('SIGKILL')
    const what = outcome === 'died' ? 'has ended' : `was not ready within ${startTimeoutMs / 1000} s`
    throw new Error(
      `${name} ${what}; its last words (${this.description.logPath}):\n${this.#log.lastLines(5)}`,
    )
  }

  async #watch(): Promise<void> {
    while (!this.#stopping) {
      const startedAtMs = Date.now()
      await this.#exited
      rmSync(this.description.pidPath, { force: true })
      if (this.#stopping) return
      if (Date.now() - startedAtMs > recoveredAfterMs) this.deaths = 0
      this.deaths += 1
      this.state = 'restarting'
      const waitMs = Math.min(restartWaitMs.min * 2 ** (this.deaths - 1), restartWaitMs.max)
      this.#print(`[start] ${this.name} has ended; starting it again in ${waitMs} ms\n`)
      await delay(waitMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined)
      if (this.#stopping) return
      try {
        await this.#launch()
      } catch (error) {
        this.#print(`[start] ${error instanceof Error ? error.message : String(error)}\n`)
      }
    }
  }

  #hear(said: unknown, resolve: (isReady: true) => void): void {
    const isProgress = typeof said === 'object' && said !== null && 'doing' in said
    this.doing = isProgress ? String(said.doing) : undefined
    if (!isProgress) resolve(true)
  }

  #print(text: string): void {
    this.#log.write(text)
    for (const line of this.description.echo === undefined ? [] : text.trimEnd().split('\n')) {
      this.description.echo?.(`${this.name.padEnd(10)} ${line}`)
    }
  }
}

async function poll(isReady: () => Promise<boolean>): Promise<true> {
  for (;;) {
    if (await isReady()) return true
    await delay(pollEveryMs)
  }
}
