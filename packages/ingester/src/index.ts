export { Batch } from './batch.js'
export { insertBatch } from './insert-batch.js'
export { batches, type BatchContext, type BatchLimits } from './batcher.js'
export { ingest, type IngestParts } from './ingest.js'
