export { fieldNames, levels, logEventSchema, type FieldMeta, type Level, type LogEvent } from './event.js'
export { suits } from './event-check.js'
export { limits } from './limits.js'
export { formatMicros, parseIsoMicros } from './timestamp.js'
export { agentOf, type Agent } from './derived/agent.js'
export { endpointOf } from './derived/endpoint.js'
export { derivedFields } from './derived/derived-fields.js'
export { referrerDomainOf } from './derived/referrer.js'
export {
  rejectionReasons,
  type Decoded,
  type LineContext,
  type Rejection,
  type RejectionReason,
  type WireFormat,
} from './formats/decoded.js'
export { decodeChunkLine, type ChunkContext } from './formats/chunk-line.js'
export { decodeLine, formatOf, formats, type FormatName } from './formats/formats.js'
export { splitLines } from './formats/lines.js'
export { holdsOwn, ownValue, type OwnValue } from './privacy/own-values.js'
export { networkOf } from './privacy/network.js'
export { pseudonymShape } from './privacy/pseudonyms.js'
export {
  createProtection,
  isPlainId,
  privacyModes,
  type PrivacyMode,
  type ProtectedEvent,
  type Protection,
} from './privacy/protect.js'
