import { microsOf } from '../timestamp.js'
import {
  levelOfStatus,
  rejected,
  toEvent,
  type Decoded,
  type LineContext,
  type WireFormat,
} from './decoded.js'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `host ident user [time] "request" status bytes rest`; the request may hold escaped quotes. */
const prefixPattern = /^(\S+) (\S+) (.{1,256}?) \[([^\]]{1,64})\] "/
const timePattern = /^(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.\d+)? ?([+-]\d{4})?$/
const tailPattern = /^" (\d{3}|-) (\d+|-)(?: |$)/
const requestPattern = /^([A-Za-z_-]{1,32}) (\S.*?)(?: +(HTTP\/\d(?:\.\d)?))?$/

/**
 * Access logs of Apache and nginx, *combined* or *common*: with or without referrer and agent. A request that is
 * no HTTP (`"-"`, TLS bytes on a plain port) is still an event: its bytes stand in the attribute `request`.
 */
export const combinedFormat: WireFormat = {
  name: 'combined',
  contentType: 'text/x-pulsehouse-combined',
  decode: decodeCombinedLine,
}

function decodeCombinedLine(raw: string, context: LineContext): Decoded {
  const line = raw.trimEnd()
  const prefix = prefixPattern.exec(line)
  if (prefix === null)
    return rejected('invalid_line', 'expected: address identity user [time] "request" status bytes')
  const [head, address, , user, time = ''] = prefix
  const timestamp = parseAccessTime(time)
  if (timestamp === undefined) {
    return rejected('invalid_field', 'timestamp: expected a time like [22/Nov/2026:07:48:10 +0000]')
  }
  const requestEnd = findRequestEnd(line, head.length)
  if (requestEnd === undefined)
    return rejected('invalid_line', 'after the quoted request, status and bytes are expected')
  const tail = tailPattern.exec(line.slice(requestEnd))
  const status = present(tail?.[1])
  const [referrer, agent, rest] = quotedFields(line.slice(requestEnd + (tail?.[0].length ?? 0)))
  const status_code = status === undefined || status === '000' ? undefined : Number(status)
  const request = requestFields(unescape(line.slice(head.length, requestEnd)))
  const responseBytes = present(tail?.[2])
  return toEvent(
    {
      timestamp,
      level: levelOfStatus(status_code),
      ip_address: address,
      user_id: present(user === '""' ? undefined : user),
      ...request.fields,
      status_code,
      referrer_url: present(referrer),
      user_agent: present(agent),
      attributes: {
        ...request.attributes,
        ...(responseBytes === undefined ? {} : { response_bytes: responseBytes }),
        ...(rest === undefined ? {} : { rest }),
      },
    },
    context,
  )
}

/** Web servers write `-` for nothing. */
function present(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text === '-' ? undefined : text
}

function parseAccessTime(text: string): number | undefined {
  const match = timePattern.exec(text)
  if (match === null) return undefined
  const [, day, name = '', year, hour, minute, second, offset] = match
  const month = months.indexOf(name.slice(0, 1).toUpperCase() + name.slice(1).toLowerCase()) + 1
  if (month === 0) return undefined
  const parts = [Number(year), month, Number(day), Number(hour), Number(minute), Number(second)] as const
  return microsOf(parts, 0, offset)
}

/**
 * Index of the quote that ends the request: the first unescaped one that a status and a size follow. Servers that
 * don't escape quotes in the request are read as well.
 */
function findRequestEnd(line: string, start: number): number | undefined {
  for (let index = line.indexOf('"', start); index !== -1; index = line.indexOf('"', index + 1)) {
    if (tailPattern.test(line.slice(index, index + 40))) return index
  }
  return undefined
}

/** Splits `"referrer" "agent" rest`; a quote that is never closed ends with the line. */
function quotedFields(text: string): [string | undefined, string | undefined, string | undefined] {
  const fields: string[] = []
  let position = 0
  while (fields.length < 2 && text[position] === '"') {
    const end = closingQuote(text, position + 1)
    fields.push(unescape(text.slice(position + 1, end)))
    position = Math.min(end + 2, text.length)
  }
  return [fields[0], fields[1], present(text.slice(position).trim())]
}

/** Index of the quote that closes a field: unescaped, and followed by a space or the end of the line. */
function closingQuote(text: string, start: number): number {
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1
    else if (text[index] === '"' && (index + 1 === text.length || text[index + 1] === ' ')) return index
  }
  return text.length
}

/** Quotes and backslashes are unescaped; bytes (`\x16`) stay as the server wrote them, for they are no text. */
function unescape(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\(["\\])/g, '$1') : text
}

function requestFields(request: string): {
  fields: Record<string, string>
  attributes: Record<string, string>
} {
  const match = requestPattern.exec(request)
  const [, method, url, version] = match ?? []
  if (method === undefined || url === undefined) {
    return { fields: {}, attributes: present(request) === undefined ? {} : { request } }
  }
  return {
    fields: { http_method: method.toUpperCase(), url },
    attributes: version === undefined ? {} : { http_version: version },
  }
}
