import { exception } from './errors.js'

/** Lets a limited number of queries run and a limited number wait, first come, first served. */
export class Gate {
  #running = 0
  readonly #waiting = new Set<() => void>()

  /**
   * @param runningMax how many run at once.
   * @param waitingMax how many more may wait.
   */
  constructor(
    private readonly runningMax: number,
    private readonly waitingMax: number,
  ) {}

  /**
   * Waits for a place; the caller gives it back by calling what it gets.
   *
   * @throws {ClickhouseError} 202 when too many wait, 394 when the signal aborts the wait.
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (this.#running >= this.runningMax) await this.#wait(signal)
    else this.#running += 1
    return once(() => this.#leave())
  }

  /** A place passes from who leaves to who waits, so that nobody can slip in between. */
  #leave(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#running -= 1
    else next()
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.waitingMax)
      throw exception(
        202,
        'TOO_MANY_SIMULTANEOUS_QUERIES',
        `Too many simultaneous queries. Maximum: ${this.runningMax} running and ${this.waitingMax} waiting`,
      )
    return new Promise((resolve, reject) => {
      const go = (): void => {
        this.#waiting.delete(go)
        signal.removeEventListener('abort', stop)
        resolve()
      }
      const stop = (): void => {
        this.#waiting.delete(go)
        reject(exception(394, 'QUERY_WAS_CANCELLED', 'Query was cancelled while it waited for its turn'))
      }
      this.#waiting.add(go)
      signal.addEventListener('abort', stop, { once: true })
    })
  }
}

function once(run: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    run()
  }
}
