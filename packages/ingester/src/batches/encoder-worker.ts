import { parentPort, workerData } from 'node:worker_threads'
import { createProtection, type PrivacyMode } from '@pulsehouse/events'
import type { Batch } from './batch.js'
import { BatchEncoder } from './batch-encoder.js'
import type { ChunkGroup } from './chunk-group.js'

/** What the thread is started with. */
export interface EncoderWorkerData {
  privacy: PrivacyMode
  pseudonymKey: string
}

/** What the thread is asked for; it answers everything once, in order. */
export type EncoderRequest = {
  /** Another number begins another batch; what was added to one that is not finished is forgotten. */
  batch: number
  streamCreatedSeconds: number
} & (
  | { kind: 'add'; /** Counted from 0. */ piece: number; group: ChunkGroup }
  | { kind: 'finish'; pieces: number }
)

/** A block as it can be handed over. */
export interface EncodedBlock {
  columnNames: readonly string[]
  rows: number
  bytes: Uint8Array<ArrayBuffer>
}

/** A batch as it can be handed over. */
export type EncodedBatch = Omit<Batch, 'logs' | 'rejected'> & { logs: EncodedBlock; rejected: EncodedBlock }

/** What the thread answers. */
export type EncoderAnswer =
  | { kind: 'added'; /** Of the group, given back. */ memory: Uint8Array<ArrayBuffer> }
  | { kind: 'made'; batch: EncodedBatch }

const { privacy, pseudonymKey } = workerData as EncoderWorkerData
const encoder = new BatchEncoder(createProtection(privacy, pseudonymKey))
let open = { batch: -1, pieces: 0 }

parentPort?.on('message', (request: EncoderRequest) => {
  if (request.batch !== open.batch) {
    encoder.discard()
    open = { batch: request.batch, pieces: 0 }
  }
  const piece = request.kind === 'add' ? request.piece : request.pieces
  if (piece !== open.pieces) throw new Error(`piece ${open.pieces} of a batch is missing`)
  if (request.kind === 'add') add(request)
  else finish(request)
})

function add({ group, streamCreatedSeconds }: Extract<EncoderRequest, { kind: 'add' }>): void {
  encoder.add(group, streamCreatedSeconds)
  open.pieces += 1
  answer({ kind: 'added', memory: group.bytes }, [group.bytes.buffer])
}

function finish({ streamCreatedSeconds }: EncoderRequest): void {
  const batch = encoder.finish(streamCreatedSeconds)
  const [logs, rejected] = [blockOf(batch.logs), blockOf(batch.rejected)]
  answer({ kind: 'made', batch: { ...batch, logs, rejected } }, [logs.bytes.buffer, rejected.bytes.buffer])
}

function blockOf(block: Batch['logs']): EncodedBlock {
  return { columnNames: block.columnNames, rows: block.rows, bytes: block.encode() }
}

function answer(message: EncoderAnswer, handedOver: ArrayBuffer[]): void {
  parentPort?.postMessage(message, handedOver)
}
