export { openDetectorState, readDetectorLag, type DetectorState } from './detector-state.js'
export { findingKinds, type FindingKind } from './finding-kinds.js'
export { createLogger, type Logger } from './logger.js'
export { loadKeys, type Keys } from './keys.js'
export { runCommand, runPart, stopDeadlineMs, type RunningPart, type StopStep } from './lifecycle.js'
export {
  flag,
  HelpRequested,
  integer,
  option,
  readOptions,
  UsageError,
  type CommandDescription,
  type Option,
  type Options,
  type OptionValues,
} from './options.js'
export {
  clickhouseReadUrlOf,
  clickhouseUrlOf,
  dataFolder,
  natsUrlOf,
  privacyOption,
  retentionOption,
  stackOptions,
} from './stack-options.js'
export {
  drawApiKey,
  isApiKey,
  keyNameCharsMax,
  keyRoles,
  type ApiKey,
  type KeyGrant,
  type KeyRole,
} from './nats/api-key.js'
export { keyStream, KeysFull, openKeyStore, type KeyStore } from './nats/key-store.js'
export { connectNats, type NatsLink } from './nats/connection.js'
export {
  muteDaysMax,
  MuteRefused,
  openMuteStore,
  type Mutable,
  type Mute,
  type MuteMatch,
  type MuteRequest,
  type MuteStore,
} from './nats/mute-store.js'
export { publishMessage, type OutgoingMessage } from './nats/publish-message.js'
export {
  ensureLogStream,
  logStream,
  purgeLogStream,
  readLogStreamState,
  type LogStreamState,
} from './nats/log-stream.js'
export {
  openPublisher,
  QueueUnavailable,
  SubjectMoved,
  type ChunkHeaders,
  type Publisher,
} from './nats/publisher.js'
export { readSubjectChunks } from './nats/subject-chunks.js'
export { openPublishWindow, type PublishWindow } from './nats/publish-window.js'
export { sequenceAt } from './nats/sequence-at.js'
export { openStateStore, StateConflict, type StateStore } from './nats/state-store.js'
export { readLogStream, type Chunk, type StreamReading } from './nats/stream-reader.js'
export {
  connectClickhouse,
  databaseName,
  type Clickhouse,
  type QueryLimits,
  type QueryParameters,
} from './clickhouse/client.js'
export type { StreamFormat } from './clickhouse/stream.js'
export { inResponseTimeSteps } from './clickhouse/response-time-steps.js'
export {
  applyRetention,
  migrate,
  migrationTimeoutMs,
  readMigrations,
  type Migration,
} from './clickhouse/migrator.js'
export {
  DictionaryColumn,
  NullableColumn,
  NumberColumn,
  TextColumn,
  type ColumnValue,
  type ColumnWriter,
} from './clickhouse/native-columns.js'
export { NativeBlock, type Column, type ColumnType } from './clickhouse/native-block.js'
export {
  InsertError,
  insertSettings,
  openBlockInserter,
  type BlockInserter,
  type InsertableBlock,
} from './clickhouse/native-insert.js'
export { readIngestLag, type IngestLag } from './ingest-lag.js'
export { openIngestProgress, type IngestProgress } from './ingest-progress.js'
export { openIngestState, parseIngestState, type IngestState, type SequenceRange } from './ingest-state.js'
export { accountedRollups } from './accounting/accounted-rollups.js'
export type { AccountingFault } from './accounting/accounting-fault.js'
export { countPendingLines, readAccounting, type Accounting } from './accounting/read-accounting.js'
