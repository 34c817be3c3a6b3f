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

/** What the thread is asked for, one at a time. */
export interface EncoderRequest {
  group: ChunkGroup
  streamCreatedSeconds: number
}

/** A block as it can be handed over. */
export interface EncodedBlock {
  columnNames: readonly string[]
  rows: number
  bytes: Uint8Array<ArrayBuffer>
}

/** What the thread answers. */
export interface EncoderAnswer {
  batch: Omit<Batch, 'logs' | 'rejected'> & { logs: EncodedBlock; rejected: EncodedBlock }
  /** The group's memory, given back. */
  memory: Uint8Array<ArrayBuffer>
}

const { privacy, pseudonymKey } = workerData as EncoderWorkerData
const encoder = new BatchEncoder(createProtection(privacy, pseudonymKey))

parentPort?.on('message', ({ group, streamCreatedSeconds }: EncoderRequest) => {
  const batch = encoder.encode(group, streamCreatedSeconds)
  const [logs, rejected] = [blockOf(batch.logs), blockOf(batch.rejected)]
  const answer: EncoderAnswer = { batch: { ...batch, logs, rejected }, memory: group.bytes }
  parentPort?.postMessage(answer, [logs.bytes.buffer, rejected.bytes.buffer, group.bytes.buffer])
})

function blockOf(block: Batch['logs']): EncodedBlock {
  return { columnNames: block.columnNames, rows: block.rows, bytes: block.encode() }
}
