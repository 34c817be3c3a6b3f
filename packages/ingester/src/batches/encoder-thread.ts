import { Worker } from 'node:worker_threads'
import type { Batch } from './batch.js'
import { OpenBatch } from './open-batch.js'
import type {
  EncodedBatch,
  EncodedBlock,
  EncoderAnswer,
  EncoderRequest,
  EncoderWorkerData,
} from './encoder-worker.js'

/** Whoever waits for an answer of the thread. */
interface Waiting {
  resolve: (answer: EncoderAnswer) => void
  reject: (error: Error) => void
}

/** Memory that is kept to be used again. */
const memoriesMax = 3

/**
 * A thread that makes batches, so that the event loop stays free for the queue, the inserts and the lease while it does.
 * Memory is handed over, not copied, and comes back to be used again.
 */
export class EncoderThread {
  readonly #data: EncoderWorkerData
  #worker: Worker | undefined
  #waiting: Waiting[] = []
  #batches = 0
  readonly #memories: Uint8Array<ArrayBuffer>[] = []

  constructor(data: EncoderWorkerData) {
    this.#data = data
  }

  /** Begins a batch; one that was begun before and is not finished is given up. */
  open(streamCreatedSeconds: number): OpenBatch {
    const batch = (this.#batches += 1)
    return new OpenBatch({
      memory: (bytes) => this.#memories.pop() ?? new Uint8Array(bytes),
      add: async (piece, group) => {
        const request = { kind: 'add', batch, streamCreatedSeconds, piece, group } as const
        const answer = await this.#ask(request, [group.bytes.buffer])
        if (answer.kind === 'added' && this.#memories.length < memoriesMax) this.#memories.push(answer.memory)
      },
      finish: async (pieces) => {
        const answer = await this.#ask({ kind: 'finish', batch, streamCreatedSeconds, pieces }, [])
        if (answer.kind !== 'made') throw new Error('the thread that makes batches answered something else')
        return batchOf(answer.batch)
      },
    })
  }

  /** @throws when the thread ends; the next batch is made in a new one. */
  async #ask(request: EncoderRequest, handedOver: ArrayBuffer[]): Promise<EncoderAnswer> {
    this.#worker ??= this.#start()
    const worker = this.#worker
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      worker.postMessage(request, handedOver)
    })
  }

  #start(): Worker {
    const worker = new Worker(new URL('encoder-worker.js', import.meta.url), { workerData: this.#data })
    const lost = (why: string): void => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(why))
    }
    worker.on('message', (answer: EncoderAnswer) => this.#waiting.shift()?.resolve(answer))
    worker.on('error', (error) => lost(`the thread that makes batches failed: ${error.message}`))
    worker.on('exit', () => lost('the thread that makes batches has ended'))
    worker.unref()
    return worker
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }
}

function batchOf(batch: EncodedBatch): Batch {
  return { ...batch, logs: insertable(batch.logs), rejected: insertable(batch.rejected) }
}

function insertable({ columnNames, rows, bytes }: EncodedBlock): Batch['logs'] {
  return { columnNames, rows, encode: () => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
}
