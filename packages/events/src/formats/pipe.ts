import { parseIsoMicros } from '../timestamp.js'
import { readLatencyMs } from './convert.js'
import { rejected, toEvent, type Decoded, type LineContext, type WireFormat } from './decoded.js'
import { foldLevel } from './level.js'

const separator = ' | '

/** The fields from the third on that stand without a label, by their index. */
const leading = [
  [2, 'request_id'],
  [3, 'session_id'],
  [4, 'user_id'],
  [5, 'action'],
  [6, 'http_method'],
  [7, 'url'],
] as const

/** The labelled fields, by their index, with the event's field that each fills. */
const labelled = [
  [8, 'Referrer: ', 'referrer_url'],
  [9, 'IP: ', 'ip_address'],
  [10, 'Agent: ', 'user_agent'],
  [11, 'Response Time: ', 'response_time'],
  [12, 'Product ID: ', 'product_id'],
  [13, 'Cart Size: ', 'cart_size'],
  [14, 'Checkout Status: ', 'checkout_status'],
  [15, 'Token: ', 'token'],
  [16, 'Auth Method: ', 'auth_method'],
  [17, 'Auth Level: ', 'auth_level'],
  [18, 'Correlation ID: ', 'correlation_id'],
  [19, 'Server IP: ', 'server_ip'],
  [20, 'Port: ', 'port'],
  [21, 'Protocol: ', 'protocol'],
] as const

const statusIndex = 22
const detailIndex = 23
/** Without its space: the line's last one is trimmed when the sentence is empty. */
const detailLabel = 'Detail:'

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
  const parts = line.trim().split(separator)
  if (parts.length < detailIndex + 1) {
    return rejected(
      'invalid_line',
      `${detailIndex + 1} fields separated by " | " are expected, ${parts.length} found`,
    )
  }
  const timestamp = parseIsoMicros(parts[0] ?? '')
  if (timestamp === undefined)
    return rejected('invalid_field', 'timestamp: the 1st field is no ISO 8601 time')
  const level = parts[1] ?? ''
  const found: Record<string, unknown> = { timestamp, level: foldLevel(level) ?? level, attributes: {} }
  for (const [index, field] of leading) put(found, field, parts[index])
  for (const [index, label, field] of labelled) {
    const part = parts[index] ?? ''
    if (!part.startsWith(label))
      return rejected('invalid_line', `field ${index + 1} must start with "${label}"`)
    put(found, field, labelledValue(field, part.slice(label.length)))
  }
  const status = /^(\d{3})(?: (.*))?$/s.exec(parts[statusIndex] ?? '')
  if (status === null) return rejected('invalid_field', 'status_code: the 23rd field must be like "200 OK"')
  found['status_code'] = Number(status[1])
  put(found, 'status_text', status[2])
  // Only the sentence at the end may itself hold the separator.
  const detail = parts.slice(detailIndex).join(separator)
  if (!detail.startsWith(detailLabel))
    return rejected('invalid_line', `field 24 must start with "${detailLabel}"`)
  put(found, 'detail', detail.slice(detailLabel.length).trimStart())
  return toEvent(found, context)
}

/** An empty field is an absent one. */
function put(found: Record<string, unknown>, field: string, value: unknown): void {
  if (value !== '' && value !== undefined) found[field] = value
}

function labelledValue(field: string, text: string): unknown {
  if (field === 'referrer_url') return text === 'Direct Entry' ? undefined : text
  if (field === 'response_time') return readLatencyMs(text) ?? text
  return numeric.has(field) && /^\d{1,10}$/.test(text) ? Number(text) : text
}
