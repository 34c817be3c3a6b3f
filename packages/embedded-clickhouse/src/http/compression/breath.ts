import { performance } from 'node:perf_hooks'

/** Lets others have their turn in work that never waits for anything. */
export class Breath {
  #takenAt = performance.now()

  /** Waits for a turn of the event loop when the last one is some milliseconds ago. */
  async take(): Promise<void> {
    if (performance.now() - this.#takenAt < everyMs) return
    await new Promise((resolve) => setImmediate(resolve))
    this.#takenAt = performance.now()
  }
}

const everyMs = 5
