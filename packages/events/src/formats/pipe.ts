import { parseIsoMicros } from '../timestamp.js'
import { rejected, toEvent, type Decoded, type LineContext, type WireFormat } from './decoded.js'

/** The labelled fields of a line, from the ninth on, with the event's field that each fills. */
const labelled = [
  ['Referrer: ', 'referrer_url'],
  ['IP: ', 'ip_address'],
  ['Agent: ', 'user_agent'],
  ['Response Time: ', 'response_time'],
  ['Product ID: ', 'product_id'],
  ['Cart Size: ', 'cart_size'],
  ['Checkout Status: ', 'checkout_status'],
  ['Token: ', 'token'],
  ['Auth Method: ', 'auth_method'],
  ['Auth Level: ', 'auth_level'],
  ['Correlation ID: ', 'correlation_id'],
  ['Server IP: ', 'server_ip'],
  ['Port: ', 'port'],
  ['Protocol: ', 'protocol'],
] as const

const statusIndex = 8 + labelled.length
const detailIndex = statusIndex + 1

/** Fields whose text is a number. */
const numeric = new Set<string>(['cart_size', 'port'])

/**
 * The line format of the shop application: 24 fields separated by ` | `, most of them labelled. Its response time
 * is in seconds (`0.61s`); the event's is in milliseconds.
 */
export const pipeFormat: WireFormat = {
  name: 'pipe',
  contentType: 'text/x-pulsehouse-pipe',
  decode: decodePipeLine,
}

function decodePipeLine(line: string, context: LineContext): Decoded {
  const parts = line.trim().split(' | ')
  if (parts.length < detailIndex + 1) {
    return rejected(
      'invalid_line',
      `${detailIndex + 1} fields separated by " | " are expected, ${parts.length} found`,
    )
  }
  // Only the sentence at the end may itself hold the separator.
  const detail = parts.slice(detailIndex).join(' | ')
  const [time = '', level, request_id, session_id, user_id, action, http_method, url] = parts
  const timestamp = parseIsoMicros(time)
  if (timestamp === undefined)
    return rejected('invalid_field', 'timestamp: the 1st field is no ISO 8601 time')
  const found: Record<string, unknown> = { request_id, session_id, user_id, action, http_method, url }
  for (const [index, [label, field]] of labelled.entries()) {
    const part = parts[8 + index] ?? ''
    if (!part.startsWith(label))
      return rejected('invalid_line', `field ${9 + index} must start with "${label}"`)
    found[field] = labelledValue(field, part.slice(label.length))
  }
  const status = /^(\d{3})(?: (.*))?$/.exec(parts[statusIndex] ?? '')
  if (status === null) return rejected('invalid_field', 'status_code: the 23rd field must be like "200 OK"')
  const sentence = detail.startsWith('Detail: ') ? detail.slice('Detail: '.length) : undefined
  if (sentence === undefined) return rejected('invalid_line', 'field 24 must start with "Detail: "')
  return toEvent(
    {
      ...withoutEmpty(found),
      timestamp,
      level: level?.toUpperCase(),
      status_code: Number(status[1]),
      status_text: status[2],
      detail: sentence || undefined,
      attributes: {},
    },
    context,
  )
}

function labelledValue(field: string, text: string): unknown {
  if (field === 'referrer_url' && text === 'Direct Entry') return undefined
  if (field === 'response_time') return /^\d+(?:\.\d+)?s$/.test(text) ? secondsToMs(text) : text
  if (numeric.has(field)) return /^\d+$/.test(text) ? Number(text) : text || undefined
  return text
}

/** `0.6900000000000001s` is 690 ms: the application prints binary fractions, whose last digits say nothing. */
function secondsToMs(text: string): number {
  return Number((Number(text.slice(0, -1)) * 1000).toPrecision(12))
}

function withoutEmpty(found: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== '' && value !== undefined))
}
