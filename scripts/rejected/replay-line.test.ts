import { expect, test } from 'vitest'
import { decodeLine, formatMicros, formats, limits } from '@pulsehouse/events'
import type { RejectedRow } from './rejected-row.js'
import { replayLineOf, replayLineStart } from './replay-line.js'

const receivedAtMicros = Date.UTC(2026, 10, 22, 8) * 1000 + 123_456

function rowOf(payload: string, more: Partial<RejectedRow> = {}): RejectedRow {
  return {
    receivedAtMicros,
    reason: 'invalid_field',
    detail: '',
    contentType: 'application/x-ndjson',
    payload,
    payloadChars: payload.length,
    streamCreated: 1_700_000_000,
    streamSeq: 4711,
    eventIndex: 2,
    replayed: false,
    ...more,
  }
}

/** The event that the ingester will make of a row's replay, much later. */
function replayOf(row: RejectedRow) {
  const replay = replayLineOf(row)
  if (replay.fate !== 'sent') return replay
  const later = { receivedAtMicros: receivedAtMicros + 3_600e6, timeShiftMicros: 0 }
  return decodeLine(formats.json, replay.line, later)
}

const mark = { replayed_from: '1700000000:4711:2' }

test.each([
  ['{"message":"a"}', { message: 'a', timestamp: receivedAtMicros, attributes: mark }],
  [
    '{"msg":"b","time":1770000000123,"colour":"red","status":"ok","nested":{"a":1}}',
    {
      message: 'b',
      timestamp: 1_770_000_000_123_000,
      attributes: { ...mark, colour: 'red', status: 'ok', 'nested.a': '1' },
    },
  ],
  ['{"message":"c","replayed_from":"1:2:3"}', { message: 'c', attributes: mark }],
])('%s keeps its time and what it says', (payload, event) => {
  expect(replayOf(rowOf(payload))).toMatchObject({ ok: true, event })
})

test('the mark stands first, whatever the attributes are called', () => {
  const replay = replayLineOf(rowOf('{"message":"a","1":"one"}'))
  if (replay.fate !== 'sent') throw new Error(replay.fate)
  expect(replay.line.startsWith(`${replayLineStart}1700000000:4711:2","1":"one"`)).toBe(true)
})

test('an access log becomes the same event', () => {
  const line =
    'ip_abcdefghijklmnop - - [22/Nov/2026:07:59:58 +0000] "GET /a?b=1 HTTP/1.1" 404 12 "-" "curl/8"'
  const row = rowOf(line, { contentType: formats.combined.contentType })
  const direct = decodeLine(formats.combined, line, { receivedAtMicros, timeShiftMicros: 0 })
  if (!direct.ok) throw new Error(direct.detail)
  const { attributes, ...fields } = direct.event
  expect(replayOf(row)).toMatchObject({
    ok: true,
    event: { ...fields, attributes: { ...attributes, ...mark } },
  })
})

test('what is refused still, or is not whole, is not sent', () => {
  expect(replayLineOf(rowOf('{broken'))).toEqual({ fate: 'refused', reason: 'invalid_json' })
  // It is judged as of its arrival: a clock that was ahead is not made right by waiting.
  const ahead = JSON.stringify({ message: 'a', timestamp: formatMicros(receivedAtMicros + 2 * 86_400e6) })
  expect(replayLineOf(rowOf(ahead))).toEqual({ fate: 'refused', reason: 'timestamp_out_of_range' })
  const cut = rowOf('{"message":"a"}', { payloadChars: limits.rejectedPayloadCharsMax + 1 })
  expect(replayLineOf(cut)).toEqual({ fate: 'cut' })
})

test('a mark that is one attribute too many is refused here, not by the ingester', () => {
  const full = Object.fromEntries(
    Array.from({ length: limits.attributesMax }, (_, index) => [`a${index}`, 1]),
  )
  expect(replayLineOf(rowOf(JSON.stringify(full)))).toEqual({
    fate: 'refused',
    reason: 'too_many_attributes',
  })
})
