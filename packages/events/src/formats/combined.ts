import { accessHeadOf } from './access-head.js'
import { parseAccessMicros } from './access-time.js'
import {
  levelOfStatus,
  rejected,
  toEvent,
  type Decoded,
  type LineContext,
  type WireFormat,
} from './decoded.js'
import { requestOf } from './access-request.js'

/** Everything before the request: `address identity user [time] "`. A user name may hold spaces and brackets. */
const headPattern = /^(.{0,2048}?)\s*\[([^\][]{1,64})\]\s+"/s
const tailPattern = /^"\s+(\d{3}|-)\s+(\d+|-)(?=\s|$)/
/** nginx and Apache always write the size; other servers may stop after the status. */
const shortTailPattern = /^"\s+(\d{3})(?=\s*$|\s+")/

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
  const line = raw.trim()
  const prefix = headPattern.exec(line)
  const head = prefix === null ? undefined : accessHeadOf(prefix[1] ?? '')
  if (prefix === null || head === undefined)
    return rejected('invalid_line', 'expected: address identity user [time] "request" status bytes')
  const timestamp = parseAccessMicros(prefix[2] ?? '')
  if (timestamp === undefined) {
    return rejected('invalid_field', 'timestamp: expected a time like [22/Nov/2026:07:48:10 +0000]')
  }
  const requestStart = prefix[0].length
  const tail = findTail(line, requestStart)
  if (tail === undefined)
    return rejected('invalid_line', 'after the quoted request, status and bytes are expected')
  const request = requestOf(unescape(line.slice(requestStart, tail.start)))
  const [referrer, agent, rest] = quotedFields(line.slice(tail.end).trimStart())
  const { code, odd } = statusOf(tail.status)
  return toEvent(
    {
      timestamp,
      level: levelOfStatus(code),
      ...head.fields,
      ...request.fields,
      ...fieldsOf({ status_code: code, referrer_url: present(referrer), user_agent: present(agent) }),
      attributes: {
        ...head.attributes,
        ...request.attributes,
        ...fieldsOf({ status: odd, response_bytes: present(tail.bytes), rest: present(rest) }),
      },
    },
    context,
  )
}

/** Web servers write `-` for nothing. */
function present(text: string | undefined): string | undefined {
  return text === '' || text === '-' ? undefined : text
}

function fieldsOf<T>(found: Record<string, T | undefined>): Record<string, T> {
  const fields: Record<string, T> = {}
  for (const name in found) if (found[name] !== undefined) fields[name] = found[name]
  return fields
}

/** A status that is none of HTTP's (nginx writes 000, others 999) is kept as an attribute. */
function statusOf(text: string): { code: number | undefined; odd: string | undefined } {
  const code = Number(text)
  if (code >= 100 && code <= 599) return { code, odd: undefined }
  return { code: undefined, odd: present(text) }
}

interface Tail {
  /** Index of the quote that ends the request. */
  start: number
  /** Index after the size. */
  end: number
  status: string
  bytes: string | undefined
}

/**
 * Finds the end of the request: the first quote that status and size follow. An escaped quote is part of the
 * request, or a client could write a status of its own; only where no other quote ends it, the server doesn't escape.
 */
function findTail(line: string, start: number): Tail | undefined {
  const attempts = [
    { pattern: tailPattern, escaped: false },
    { pattern: tailPattern, escaped: true },
    { pattern: shortTailPattern, escaped: false },
  ]
  for (const { pattern, escaped } of attempts) {
    for (let at = line.indexOf('"', start); at !== -1; at = line.indexOf('"', at + 1)) {
      if (!/\s/.test(line[at + 1] ?? '') || isEscaped(line, start, at) !== escaped) continue
      const match = pattern.exec(line.slice(at, at + 48))
      if (match !== null)
        return { start: at, end: at + match[0].length, status: match[1] ?? '', bytes: match[2] }
    }
  }
  return undefined
}

function isEscaped(line: string, start: number, at: number): boolean {
  let slashes = 0
  while (at - slashes > start && line[at - slashes - 1] === '\\') slashes += 1
  return slashes % 2 === 1
}

/** Splits `"referrer" "agent" rest`; a quote that is never closed ends with the line. */
function quotedFields(text: string): [string | undefined, string | undefined, string | undefined] {
  const fields: string[] = []
  let position = 0
  while (fields.length < 2 && text[position] === '"') {
    const end = closingQuote(text, position + 1)
    fields.push(unescape(text.slice(position + 1, end)))
    position = end + 1
    while (text[position] === ' ') position += 1
  }
  return [fields[0], fields[1], text.slice(position)]
}

/**
 * Index of the quote that closes a field: unescaped, and followed by the end of the line, the next quoted field or
 * a number or `-`. Servers that don't escape quotes are read as well.
 */
function closingQuote(text: string, start: number): number {
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1
    else if (text[index] === '"' && endsField(text, index + 1)) return index
  }
  return text.length
}

function endsField(text: string, after: number): boolean {
  return after === text.length || (text[after] === ' ' && /^ +["\d-]/.test(text.slice(after, after + 8)))
}

/** Quotes and backslashes are unescaped; bytes (`\x16`) stay as the server wrote them, for they are no text. */
function unescape(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\(["\\])/g, '$1') : text
}
