import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Chunk, FromWorker, Job, Stats, ToWorker } from './engine-messages.js'
import { engineException } from '../http/errors.js'

/** A query that runs in a worker, seen from the listener. */
export interface RunningQuery {
  /** The result; the next chunk is asked for when this one has been taken. */
  chunks(): AsyncGenerator<Chunk, Stats>
  /** Asks the worker to stop between two chunks. */
  cancel(): void
  /** Whether the worker is done with it. */
  readonly ended: boolean
  /** Settles when the worker is done with it. */
  readonly end: Promise<void>
}

/** One worker thread, seen from the listener. */
export class EngineWorker {
  readonly #worker: Worker
  readonly #inboxes = new Map<number, (message: FromWorker) => void>()
  #lastId = 0

  /** @param fail is told when the thread dies. */
  constructor(path: string, fail: (error: Error) => void) {
    // Always the compiled file: tests run this module from its source.
    this.#worker = new Worker(join(import.meta.dirname, '../../dist/engine/engine-worker.js'), {
      workerData: path,
    })
    this.#worker.on('message', (message: FromWorker) => this.#inboxes.get(message.id)?.(message))
    this.#worker.on('error', fail)
    this.#worker.on('exit', (code) => fail(new Error(`A worker of the engine exited with code ${code}`)))
    this.#worker.unref()
  }

  /** How many queries it runs. */
  get load(): number {
    return this.#inboxes.size
  }

  /** Starts a statement. */
  run(job: Job): RunningQuery {
    const id = (this.#lastId += 1)
    const inbox = new Inbox()
    const end = new Promise<void>((resolve) => {
      this.#inboxes.set(id, (message) => {
        if (message.kind !== 'chunk') {
          this.#inboxes.delete(id)
          resolve()
        }
        inbox.put(message)
      })
    })
    this.#tell({ kind: 'run', id, job })
    const { inboxes, tell } = { inboxes: this.#inboxes, tell: (message: ToWorker) => this.#tell(message) }
    return {
      end,
      get ended() {
        return !inboxes.has(id)
      },
      cancel: () => tell({ kind: 'cancel', id }),
      async *chunks() {
        for (;;) {
          const message = await inbox.take()
          if (message.kind === 'done') return message.stats
          if (message.kind === 'failed') throw engineException(message.message)
          yield { bytes: message.bytes, rows: message.rows }
          tell({ kind: 'next', id })
        }
      },
    }
  }

  /** Closes the connection of a session. */
  endSession(sessionId: string): void {
    this.#tell({ kind: 'end session', sessionId })
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message, [])
  }
}

/** What has arrived and was not taken yet: at most a chunk and an end, because a chunk is sent on demand. */
class Inbox {
  readonly #messages: FromWorker[] = []
  #wake: (() => void) | undefined

  put(message: FromWorker): void {
    this.#messages.push(message)
    this.#wake?.()
  }

  async take(): Promise<FromWorker> {
    for (;;) {
      const message = this.#messages.shift()
      if (message !== undefined) return message
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
