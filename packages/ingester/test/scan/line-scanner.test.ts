import { createProtection, decodeChunkLine, formats } from '@pulsehouse/events'
import { NativeBlock, type Chunk } from '@pulsehouse/platform'
import { describe, expect, test } from 'vitest'
import { BatchEncoder } from '../../src/batches/batch-encoder.js'
import { chunkGroupOf, receivedDayOf } from '../../src/batches/chunk-group.js'
import { logColumns, type LogRow } from '../../src/batches/log-columns.js'
import { LineScanner } from '../../src/scan/line-scanner.js'
import { openRandom } from '../simulation/random.js'
import { randomLine } from './random-line.js'

const protection = createProtection('pseudonyms', 'a'.repeat(64))
const streamCreatedSeconds = 1_700_000_000
/** Both ways take the same lines, one of them slowly. */
const timeoutMs = 60_000

function chunkOf(lines: readonly string[], timeShiftMicros = 0): Chunk {
  return {
    seq: 7,
    receivedAtMicros: Date.UTC(2026, 10, 22, 12) * 1000,
    contentType: formats.json.contentType,
    timeShiftMicros,
    payload: Buffer.from(lines.join('\n')),
    pending: 0,
  }
}

/** The rows as every event can be made: decoded, protected, written as an object. */
function plainWay(chunk: Chunk, lines: readonly string[]): { rows: number; bytes: string } {
  const block = new NativeBlock<LogRow>(logColumns)
  for (const [eventIndex, line] of lines.entries()) {
    const decoded = decodeChunkLine(chunk, line)
    if (!decoded.ok) continue
    const { receivedAtMicros, seq: streamSeq } = chunk
    const receivedDay = receivedDayOf(chunk)
    const position = { receivedDay, receivedAtMicros, streamCreatedSeconds, streamSeq, eventIndex }
    block.add({ event: protection.event(decoded.event), position })
  }
  return { rows: block.rows, bytes: block.encode().toString('latin1') }
}

function scannedWay(chunk: Chunk, encoder = new BatchEncoder(protection)): { rows: number; bytes: string } {
  const { logs } = encoder.encode(chunkGroupOf([chunk]), streamCreatedSeconds)
  return { rows: logs.rows, bytes: logs.encode().toString('latin1') }
}

/** Tells whether a scanner takes a line by itself. */
function openScanning(): (line: string) => boolean {
  const scanner = new LineScanner(new NativeBlock<LogRow>(logColumns), protection)
  const { receivedAtMicros } = chunkOf([])
  const position = { receivedDay: 1, receivedAtMicros, streamCreatedSeconds, streamSeq: 1, eventIndex: 0 }
  return (line) => {
    const bytes = Buffer.from(line)
    return scanner.scan(bytes, 0, bytes.length, { ...position, timeShiftMicros: 0 })
  }
}

/** The line that makes the difference. */
function firstDifference(lines: readonly string[]): string | undefined {
  const encoder = new BatchEncoder(protection)
  return lines.find((line) => {
    const chunk = chunkOf([line])
    return scannedWay(chunk, encoder).bytes !== plainWay(chunk, [line]).bytes
  })
}

describe('a line that is scanned', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'gives the row that decoding and protecting give, seed %i',
    { timeout: timeoutMs },
    (seed) => {
      const random = openRandom(seed)
      const lines = Array.from({ length: 2_000 }, () => randomLine(random))
      const chunk = chunkOf(lines, seed % 2 === 0 ? 3_600_000_000 : 0)
      const scanned = scannedWay(chunk)
      const plain = plainWay(chunk, lines)
      expect(lines.filter(openScanning()).length).toBeGreaterThan(lines.length / 10)
      expect(scanned.rows).toBe(plain.rows)
      if (scanned.bytes !== plain.bytes)
        expect.fail(`not the same: ${firstDifference(lines) ?? 'only as a whole'}`)
    },
  )

  const whole = {
    timestamp: '2026-11-22T10:00:00.153624Z',
    request_id: 'req_b5c3b8e5c42f',
    user_id: 'user_68637',
    ip_address: '211.65.129.245',
    token: 'token_29ddeb2d3569',
    url: '/products/1921',
    level: 'INFO',
    response_time: 119.82,
    status_code: 200,
  }

  test('is one of the catalog’s fields in plain ASCII', () => {
    expect(openScanning()(JSON.stringify(whole))).toBe(true)
  })

  test.each([
    ['a token in another field', { ...whole, token: 'winter', detail: 'Winter was refused.' }],
    ['a user in an identifier', { ...whole, session_id: 'session-USER_68637' }],
    ['an address in a sentence', { ...whole, host: 'at-211.65.129.245' }],
    ['an attribute', { ...whole, cart: 'x' }],
    ['an escape', { ...whole, detail: 'a "b"' }],
    ['another letter', { ...whole, detail: 'Größe' }],
    ['a number where a text belongs', { ...whole, service: 5 }],
    ['a negative number', { ...whole, response_time: -1 }],
    ['no level', { ...whole, level: undefined }],
    ['a level that nobody knows', { ...whole, level: 'success' }],
    ['a time that is none', { ...whole, timestamp: '2026-02-30T10:00:00Z' }],
    ['a time of the future', { ...whole, timestamp: '2027-11-22T10:00:00Z' }],
    ['a port that is none', { ...whole, port: 70_000 }],
  ])('has no %s', (_, event) => {
    expect(openScanning()(JSON.stringify(event))).toBe(false)
  })

  test.each([
    ['twice the same name', '{"level":"INFO","timestamp":"2026-11-22T10:00:00Z","port":1,"port":2}'],
    ['a number with a leading zero', '{"level":"INFO","timestamp":"2026-11-22T10:00:00Z","port":01}'],
    ['a comma at its end', '{"level":"INFO","timestamp":"2026-11-22T10:00:00Z","port":1,}'],
    ['something behind its end', '{"level":"INFO","timestamp":"2026-11-22T10:00:00Z","port":1} '],
    ['no end', '{"level":"INFO","timestamp":"2026-11-22T10:00:00Z","port":1'],
    ['a text without an end', '{"level":"INFO","timestamp":"2026-11-22T10:00:00Z","host":"web'],
    ['a control character', '{"level":"INFO","timestamp":"2026-11-22T10:00:00Z","host":"a\tb"}'],
  ])('has not %s', (_, line) => {
    expect(openScanning()(line)).toBe(false)
  })
})
