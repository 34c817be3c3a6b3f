import { fieldNames, logEventSchema, type LogEvent } from '../event.js'
import { limits } from '../limits.js'
import { epochMicros, parseIsoMicros } from '../timestamp.js'
import { flattenInto } from './flatten.js'
import { foldLevel } from './level.js'
import {
  levelOfStatus,
  rejected,
  toEvent,
  type Decoded,
  type LineContext,
  type WireFormat,
} from './decoded.js'

/** Other names that loggers use for the event's fields: pino, winston, their HTTP middlewares, and common habit. */
const aliases = new Map(
  Object.entries({
    time: 'timestamp',
    '@timestamp': 'timestamp',
    ts: 'timestamp',
    msg: 'message',
    severity: 'level',
    hostname: 'host',
    method: 'http_method',
    path: 'url',
    referrer: 'referrer_url',
    referer: 'referrer_url',
    ip: 'ip_address',
    remote_addr: 'ip_address',
    client_ip: 'ip_address',
    responseTime: 'response_time',
    response_time_ms: 'response_time',
    duration_ms: 'response_time',
    db_query_time_ms: 'db_query_time',
    server_processing_time_ms: 'server_processing_time',
    network_latency_ms: 'network_latency',
    status: 'status_code',
    statusCode: 'status_code',
    userId: 'user_id',
    sessionId: 'session_id',
    requestId: 'request_id',
    correlationId: 'correlation_id',
    trace_id: 'correlation_id',
    'req.id': 'request_id',
    'req.method': 'http_method',
    'req.url': 'url',
    'req.remoteAddress': 'ip_address',
    'req.headers.user-agent': 'user_agent',
    'req.headers.referer': 'referrer_url',
    'res.statusCode': 'status_code',
  } satisfies Record<string, keyof LogEvent>),
)

const known = new Set<string>(fieldNames)
const latencies = new Set(['response_time', 'db_query_time', 'server_processing_time', 'network_latency'])
/** Identifiers that systems also write as numbers. */
const identifiers = new Set(['request_id', 'session_id', 'user_id', 'product_id', 'correlation_id'])
const latencyPattern = /^(\d+(?:\.\d+)?) ?(s|ms)$/

/**
 * NDJSON: one object a line, with the catalog's own names, or as pino and winston write. What is not in the catalog
 * goes to the attributes.
 */
export const jsonFormat: WireFormat = {
  name: 'json',
  contentType: 'application/x-ndjson',
  decode: decodeJsonLine,
}

function decodeJsonLine(line: string, context: LineContext): Decoded {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return rejected('invalid_json', 'the line is no JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return rejected('invalid_json', 'the line must be one JSON object')
  }
  const { found, attributes } = sort(value as Record<string, unknown>)
  if (Object.keys(attributes).length > limits.attributesMax) {
    return rejected(
      'too_many_attributes',
      `at most ${limits.attributesMax} values beside the catalog's fields`,
    )
  }
  if (carriesNothing(found, attributes)) return rejected('empty', 'the event has no field that says anything')
  const status = found['status_code']
  return toEvent(
    { level: levelOfStatus(typeof status === 'number' ? status : undefined), ...found, attributes },
    context,
  )
}

/** Tells the catalog's fields from the rest. A field under its own name wins over an alias. */
function sort(record: Record<string, unknown>) {
  const found: Record<string, unknown> = {}
  const attributes: Record<string, string> = {}
  const aliased: [path: string, field: keyof LogEvent, value: unknown][] = []
  const keep = (path: string, value: unknown): void => {
    const field = aliases.get(path)
    if (field === undefined) attributes[path] = String(value)
    else aliased.push([path, field, value])
  }
  for (const [name, value] of Object.entries(record)) {
    if (value === null || value === undefined) continue
    if (name === 'attributes' && typeof value === 'object') flattenInto(value, '', keep, 0)
    else if (known.has(name) && name !== 'attributes') found[name] = convert(name, value)
    else flattenInto(value, name, keep, 0)
  }
  for (const [path, field, value] of aliased) {
    const converted = convert(field, value)
    if (!(field in found) && suits(field, converted)) found[field] = converted
    else attributes[path] = String(value)
  }
  // pino's `name` is the service where nothing else names one.
  if (found['service'] === undefined && attributes['name'] !== undefined) {
    found['service'] = attributes['name']
    delete attributes['name']
  }
  return { found, attributes }
}

/**
 * Whether an aliased value can stand in its field. `status: "ok"` of some logger is no HTTP status but is no fault
 * either; a time that can't be read is one.
 */
function suits(field: keyof LogEvent, value: unknown): boolean {
  return field === 'timestamp' || logEventSchema.shape[field].safeParse(value).success
}

/** Brings a value to the schema's type; what can't be brought there is left for the schema to refuse. */
function convert(field: string, value: unknown): unknown {
  if (value === '') return undefined
  if (field === 'timestamp') return toMicros(value) ?? Number.NaN
  if (field === 'level') return foldLevel(value) ?? value
  if (field === 'http_method' && typeof value === 'string') return value.toUpperCase()
  if (identifiers.has(field) && Number.isSafeInteger(value)) return String(value)
  if (latencies.has(field) && typeof value === 'string') {
    const match = latencyPattern.exec(value)
    return match === null ? value : Number(match[1]) * (match[2] === 's' ? 1000 : 1)
  }
  return value
}

function toMicros(value: unknown): number | undefined {
  if (typeof value === 'number') return epochMicros(value)
  return typeof value === 'string' ? parseIsoMicros(value) : undefined
}

function carriesNothing(found: Record<string, unknown>, attributes: Record<string, string>): boolean {
  const says = Object.entries(found).some(
    ([field, value]) => field !== 'timestamp' && field !== 'level' && value !== undefined,
  )
  return !says && Object.keys(attributes).length === 0
}
