import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Batch, BatchMaker } from './batch.js'
import type { ChunkGroup } from './chunk-group.js'
import type { EncodedBlock, EncoderAnswer, EncoderRequest, EncoderWorkerData } from './encoder-worker.js'

/**
 * A thread that makes batches, so that the event loop stays free for the queue, the inserts and the lease while it does.
 * Memory is handed over, not copied, and comes back to be used again.
 */
export class EncoderThread implements BatchMaker {
  readonly #data: EncoderWorkerData
  #worker: Worker | undefined
  #memory: Uint8Array<ArrayBuffer> | undefined
  /** One batch is made at a time. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(data: EncoderWorkerData) {
    this.#data = data
  }

  /** Memory for a group of chunks, used before if there is any. */
  readonly memory = (bytes: number): Uint8Array<ArrayBuffer> => {
    const used = this.#memory
    this.#memory = undefined
    return used !== undefined && used.length >= bytes ? used : new Uint8Array(bytes)
  }

  /** @throws when the thread has ended; the next batch is made in a new one. */
  async make(group: ChunkGroup, streamCreatedSeconds: number): Promise<Batch> {
    const before = this.#last
    const made = before.then(() => this.#ask({ group, streamCreatedSeconds }))
    this.#last = made.catch(() => undefined)
    const { batch, memory } = await made
    this.#memory = memory
    return { ...batch, logs: insertable(batch.logs), rejected: insertable(batch.rejected) }
  }

  async #ask(request: EncoderRequest): Promise<EncoderAnswer> {
    this.#worker ??= this.#start()
    const worker = this.#worker
    const asked = new AbortController()
    const ended = once(worker, 'exit', { signal: asked.signal }).then(() => {
      throw new Error('the thread that makes batches has ended')
    })
    try {
      worker.postMessage(request, [request.group.bytes.buffer])
      const [answer] = (await Promise.race([once(worker, 'message', { signal: asked.signal }), ended])) as [
        EncoderAnswer,
      ]
      return answer
    } finally {
      asked.abort()
      ended.catch(() => undefined)
    }
  }

  #start(): Worker {
    const worker = new Worker(new URL('encoder-worker.js', import.meta.url), { workerData: this.#data })
    const forget = (): void => {
      if (this.#worker === worker) this.#worker = undefined
    }
    // What went wrong is told to whoever waits for a batch.
    worker.on('error', forget)
    worker.on('exit', forget)
    worker.unref()
    return worker
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }
}

function insertable({ columnNames, rows, bytes }: EncodedBlock): Batch['logs'] {
  return { columnNames, rows, encode: () => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
}
