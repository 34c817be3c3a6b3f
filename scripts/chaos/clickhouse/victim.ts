import { startClickhouse, type StartedClickhouse } from '@pulsehouse/embedded-clickhouse'
import { createLogger } from '@pulsehouse/platform'
import { setTimeout as delay } from 'node:timers/promises'
import { descendants, killAtOnce } from '../server-processes.js'

const log = createLogger('chaos', 'silent')
const goneWithinMs = 10_000
const upWithinMs = 60_000

/** The server that is killed: it comes back over the same folder and on the same port. */
export class Victim {
  readonly #dataDir: string
  #port = 0
  #running: StartedClickhouse | undefined

  constructor(dataDir: string) {
    this.#dataDir = dataDir
  }

  /** Starts it. @returns its URL, the same every time. @throws with what it said, when it does not come up. */
  async start(): Promise<string> {
    this.#running = await this.#launch()
    this.#port = this.#running.port
    return this.#running.url
  }

  /** Kills it without a warning. @throws when it was gone before: then it did not die of us. */
  async kill(): Promise<void> {
    const server = this.#running
    this.#running = undefined
    if (server === undefined || !killAtOnce(server.pid))
      throw new Error('The server ended by itself: nobody had killed it yet.')
    await server.close()
    await this.#killRest()
  }

  /** Starts it and kills it so many milliseconds later, whether it has come up by then or not. */
  async killWhileStarting(afterMs: number): Promise<void> {
    const starting = this.#launch().catch(() => undefined)
    await delay(afterMs)
    await this.#killRest()
    const started = await starting
    if (started === undefined) return
    killAtOnce(started.pid)
    await started.close()
  }

  /** Stops it in order. */
  async stop(): Promise<void> {
    await this.#running?.close()
    this.#running = undefined
  }

  /** One that hangs is killed after its time, and so rejected. */
  async #launch(): Promise<StartedClickhouse> {
    const starting = startClickhouse({ dataDir: this.#dataDir, port: this.#port, log })
    const late = setTimeout(() => void this.#killRest(), upWithinMs)
    try {
      return await starting
    } finally {
      clearTimeout(late)
    }
  }

  /** Every process that we have started is the server's. */
  async #killRest(): Promise<void> {
    const deadline = Date.now() + goneWithinMs
    for (let left = descendants(); left.length > 0; left = descendants()) {
      for (const pid of left) killAtOnce(pid)
      if (Date.now() > deadline) throw new Error(`Process ${left[0]} is still there after a SIGKILL.`)
      await delay(5)
    }
  }
}
