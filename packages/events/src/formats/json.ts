import { fieldNames, type LogEvent } from '../event.js'
import { suits } from '../event-check.js'
import { limits } from '../limits.js'
import { convert } from './convert.js'
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
const aliases = new Map<string, keyof LogEvent>(
  Object.entries({
    time: 'timestamp',
    '@timestamp': 'timestamp',
    ts: 'timestamp',
    msg: 'message',
    severity: 'level',
    'log.level': 'level',
    hostname: 'host',
    'host.name': 'host',
    'service.name': 'service',
    method: 'http_method',
    path: 'url',
    referrer: 'referrer_url',
    referer: 'referrer_url',
    ip: 'ip_address',
    remote_addr: 'ip_address',
    client_ip: 'ip_address',
    userAgent: 'user_agent',
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

const known = new Set<string>(fieldNames.filter((name) => name !== 'attributes'))
/** Fields that other loggers fill with objects: winston's message, the `host` and `service` of Elastic's schema. */
const sometimesNested = new Set(['message', 'host', 'service'])

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
  let record: Record<string, unknown>
  let sorted: Sorted
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return rejected('invalid_json', 'the line must be one JSON object')
    }
    record = value as Record<string, unknown>
    sorted = sort(record)
  } catch (error) {
    // What is nested thousands of levels deep can be parsed but not be written as text again.
    return rejected(
      'invalid_json',
      `the line is ${error instanceof RangeError ? 'nested too deeply' : 'no JSON'}`,
    )
  }
  const { found, attributes, attributesCount, fieldsCount } = sorted
  if (attributesCount > limits.attributesMax) {
    return rejected(
      'too_many_attributes',
      `at most ${limits.attributesMax} values beside the catalog's fields`,
    )
  }
  if (attributesCount + fieldsCount === 0 || isEmptyMessage(record, sorted))
    return rejected('empty', 'the event has no field that says anything')
  const status = found['status_code']
  found['level'] ??= levelOfStatus(typeof status === 'number' ? status : undefined)
  found['attributes'] = attributes
  return toEvent(found, context)
}

interface Sorted {
  found: Record<string, unknown>
  attributes: Record<string, string>
  attributesCount: number
  /** Fields that say anything beside when and how severe. */
  fieldsCount: number
}

/** Tells the catalog's fields from the rest. A field under its own name wins over an alias. */
function sort(record: Record<string, unknown>): Sorted {
  const sorted: Sorted = { found: {}, attributes: {}, attributesCount: 0, fieldsCount: 0 }
  const aliased: [path: string, field: keyof LogEvent, value: unknown][] = []
  const keep = (path: string, value: unknown): void => {
    const field = aliases.get(path)
    if (field === undefined) putAttribute(sorted, path, value)
    else aliased.push([path, field, value])
  }
  for (const name in record) {
    const value = record[name]
    if (value === null || value === undefined) continue
    if (!known.has(name))
      flattenInto(value, name === 'attributes' && typeof value === 'object' ? '' : name, keep, 0)
    else if (typeof value === 'object' && sometimesNested.has(name)) flattenInto(value, name, keep, 0)
    else if (isUnknownLevel(name, value)) putAttribute(sorted, name, value)
    else if (value !== '') putField(sorted, name, convert(name, value))
  }
  for (const [path, field, value] of aliased) {
    const converted = convert(field, value)
    // `status: "ok"` of some logger is no HTTP status but is no fault either; a time that can't be read is one.
    const fits = field === 'timestamp' || suits(field, converted)
    if (sorted.found[field] === undefined && fits) putField(sorted, field, converted)
    else putAttribute(sorted, path, value)
  }
  if (isPino(record)) nameService(sorted)
  return sorted
}

/** Loggers may name levels as they like (`success`); one that is not known is kept, and the outcome decides. */
function isUnknownLevel(name: string, value: unknown): boolean {
  return name === 'level' && typeof value === 'string' && value !== '' && foldLevel(value) === undefined
}

function putField(sorted: Sorted, field: string, value: unknown): void {
  sorted.found[field] = value
  if (field !== 'timestamp' && field !== 'level') sorted.fieldsCount += 1
}

function putAttribute(sorted: Sorted, path: string, value: unknown): void {
  sorted.attributesCount += 1
  sorted.attributes[path] = String(value)
}

/** What loggers put beside every message. */
const furniture = new Set(['host', 'service', 'pid', 'name', 'msg', 'v'])

/** A logger's line whose message is the empty text, with nothing beside it but what stands on every line. */
function isEmptyMessage({ message, msg }: Record<string, unknown>, { found, attributes }: Sorted): boolean {
  if (message !== '' && msg !== '') return false
  const says = Object.keys(found).filter((name) => !['timestamp', 'level', 'attributes'].includes(name))
  return [...says, ...Object.keys(attributes)].every((name) => furniture.has(name))
}

function isPino(record: Record<string, unknown>): boolean {
  return record['name'] !== undefined && (record['pid'] !== undefined || typeof record['level'] === 'number')
}

/** pino's `name` is the service where nothing else names one. */
function nameService(sorted: Sorted): void {
  const { found, attributes } = sorted
  if (found['service'] !== undefined || !attributes['name']) return
  putField(sorted, 'service', attributes['name'])
  delete attributes['name']
  sorted.attributesCount -= 1
}
