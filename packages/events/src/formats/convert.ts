import { epochMicros, parseIsoMicros } from '../timestamp.js'
import { foldLevel } from './level.js'

const latencies = new Set(['response_time', 'db_query_time', 'server_processing_time', 'network_latency'])
/** Identifiers that systems also write as numbers. */
const identifiers = new Set(['request_id', 'session_id', 'user_id', 'product_id', 'correlation_id'])
/** Whole numbers that systems also write as text. */
const wholeNumbers = new Set(['cart_size', 'port', 'status_code'])
const latencyPattern = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?) ?(s|ms)?$/i

/** Brings a JSON value to its field's type; what can't be brought there is left for the schema to refuse. */
export function convert(field: string, value: unknown): unknown {
  if (field === 'timestamp') return toMicros(value) ?? Number.NaN
  if (field === 'level') return foldLevel(value) ?? value
  // A token is thrown away whatever it is; as text it is also found where it stands a second time.
  if (field === 'token') return typeof value === 'string' ? value : JSON.stringify(value)
  if (typeof value === 'number') {
    return identifiers.has(field) && Number.isSafeInteger(value) ? String(value) : value
  }
  if (typeof value !== 'string') return value
  if (field === 'http_method') return value.toUpperCase()
  if (wholeNumbers.has(field)) return /^\d{1,10}$/.test(value) ? Number(value) : value
  return latencies.has(field) ? (readLatencyMs(value, 'ms') ?? value) : value
}

/**
 * Reads `0.61s` or `610ms` as milliseconds, without the last digits of binary fractions, which say nothing.
 *
 * @param unit what a number without a unit counts; without it, there must be one.
 */
export function readLatencyMs(text: string, unit?: 's' | 'ms'): number | undefined {
  const match = latencyPattern.exec(text)
  const found = match?.[2]?.toLowerCase() ?? unit
  if (match === null || found === undefined) return undefined
  return found === 'ms' ? Number(match[1]) : Number((Number(match[1]) * 1000).toPrecision(12))
}

function toMicros(value: unknown): number | undefined {
  if (typeof value === 'number') return epochMicros(value)
  if (typeof value !== 'string') return undefined
  return /^\d{9,19}(?:\.\d{1,9})?$/.test(value) ? epochMicros(Number(value)) : parseIsoMicros(value)
}
