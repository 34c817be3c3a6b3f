import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { LogFile } from '../../start/log-file.js'

/** How a part under test is run. */
export interface PartProcessDescription {
  name: string
  file: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
  logPath: string
  /** Whether it says over IPC that it is ready; else this is asked until it is true. */
  ready: 'message' | (() => Promise<boolean>)
}

/** One that ended by itself is started again after this, as a supervisor does it, milliseconds. */
const restartWaitMs = 300
/** It has so long to get ready, and to stop, milliseconds. */
const readyWithinMs = 60_000
const stopWithinMs = 12_000
const pollEveryMs = 50

/** One process of the pipeline: killed and held up by us, and started again whenever it is not there. */
export class PartProcess {
  readonly name: string
  /** Why it ended, each time that it was not us who ended it. */
  readonly ownEnds: string[] = []
  readonly #description: PartProcessDescription
  readonly #log: LogFile
  #child: ChildProcess | undefined
  #exited: Promise<void> = Promise.resolve()
  #ready = false
  /** Whether its end is our doing, so that nobody starts it again but us. */
  #ours = true

  constructor(description: PartProcessDescription) {
    this.#description = description
    this.name = description.name
    this.#log = new LogFile(description.logPath)
  }

  /** Its process; undefined before the first start. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Starts it; it may not be ready yet. */
  start(): void {
    const { file, args, env, ready } = this.#description
    const says = ready === 'message'
    this.#ours = false
    this.#ready = false
    // A group of its own: Ctrl-C reaches only us, and we end the parts.
    const child = spawn(file, args, {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(says ? ['ipc' as const] : [])],
    })
    this.#child = child
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => this.#log.write(text))
    this.#exited = new Promise((resolve) => {
      child.once('error', () => resolve())
      // Not at its exit: what it said last comes later.
      child.once('close', () => resolve())
    })
    void this.#watch(child)
    if (says) child.on('message', (said) => (this.#ready ||= said === 'ready'))
    else void this.#probe(child, ready)
  }

  /** Resolves when it is ready, through ends of its own. @throws when it takes too long; the message has its last words. */
  async untilReady(): Promise<void> {
    const deadline = Date.now() + readyWithinMs
    while (!this.#ready) {
      if (Date.now() > deadline)
        throw new Error(
          `${this.name} was not ready within ${readyWithinMs / 1000} s; its last words:\n${this.#log.lastLines(5)}`,
        )
      await delay(pollEveryMs)
    }
  }

  /** Kills it without a warning; it stays away until `start`. @returns whether it was there. */
  async kill(): Promise<boolean> {
    this.#ours = true
    this.#ready = false
    const there = this.#child?.kill('SIGKILL') ?? false
    await this.#exited
    return there
  }

  /** Holds it up, or lets it go on, where it is. @returns whether it was there. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): boolean {
    return this.#child?.kill(signal) ?? false
  }

  /** Ends it in order, or kills it when that takes too long. */
  async stop(): Promise<void> {
    this.#ours = true
    this.#ready = false
    this.#child?.kill('SIGCONT')
    this.#child?.kill('SIGTERM')
    const late = delay(stopWithinMs, 'late', { ref: false })
    if ((await Promise.race([this.#exited, late])) === 'late') await this.kill()
  }

  /** Kills it, whatever it does, and is done with it; for the end of our own process as well. */
  abandon(): void {
    this.#ours = true
    this.#child?.kill('SIGKILL')
    this.#log.close()
  }

  async #watch(child: ChildProcess): Promise<void> {
    await this.#exited
    if (child !== this.#child || this.#ours) return
    this.#ready = false
    const how = child.signalCode ?? `code ${child.exitCode}`
    this.ownEnds.push(`${how}: ${this.#log.lastLines(1).slice(0, 500)}`)
    await delay(restartWaitMs)
    if (child === this.#child && !this.#ours) this.start()
  }

  async #probe(child: ChildProcess, isReady: () => Promise<boolean>): Promise<void> {
    while (child === this.#child && !this.#ours) {
      if (await isReady()) {
        this.#ready = child === this.#child && !this.#ours
        return
      }
      await delay(pollEveryMs)
    }
  }
}
