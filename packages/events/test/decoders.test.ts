import { describe, expect, it } from 'vitest'
import {
  createProtection,
  decodeLine,
  fieldNames,
  formatOf,
  formats,
  logEventSchema,
  rejectionReasons,
  splitLines,
} from '../src/index.js'
import { violationOf } from '../src/event-check.js'
import { accessLines, anyContext, jsonLines, pipeLines, randomFrom } from './fixtures.js'

const protection = createProtection('pseudonyms', 'ab'.repeat(32))
const valid = { pipe: pipeLines, combined: accessLines, json: jsonLines }
const noise = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ' | ',
  '|',
  ' ',
  ',',
  ':',
  '%',
  '\0',
  '\ud800',
  'é',
  '\u2028',
  '\r',
  '-',
  '9',
  'e',
  'null',
]

/** Cuts, doubles, swaps and sprinkles. */
function mutate(line: string, random: (n: number) => number): string {
  let text = line
  for (let times = random(4) + 1; times > 0; times -= 1) {
    const at = random(text.length + 1)
    const to = Math.min(text.length, at + random(20))
    const kinds = [
      () => text.slice(0, at),
      () => text.slice(at),
      () => text.slice(0, at) + text.slice(to),
      () => text.slice(0, to) + text.slice(at),
      () => text.slice(0, at) + (noise[random(noise.length)] ?? '') + text.slice(at),
      () => text.slice(0, at) + String.fromCharCode(random(0x300)) + text.slice(at + 1),
    ]
    text = kinds[random(kinds.length)]?.() ?? text
  }
  return text
}

describe.each(['json', 'pipe', 'combined'] as const)('the %s decoder', (name) => {
  it('never throws, gives the same line the same fate, and its events obey the schema', () => {
    const random = randomFrom(20_261_122)
    const lines = valid[name]
    let events = 0
    for (let round = 0; round < 10_000; round += 1) {
      const line = mutate(lines[random(lines.length)] ?? '', random)
      const decoded = decodeLine(formats[name], line, anyContext)
      expect(decodeLine(formats[name], line, anyContext)).toEqual(decoded)
      if (!decoded.ok) {
        expect(rejectionReasons).toContain(decoded.reason)
        protection.rejectedLine(line)
        continue
      }
      events += 1
      const parsed = logEventSchema.safeParse(decoded.event)
      if (!parsed.success) expect.fail(`${line} gave ${parsed.error.message}`)
      expect(
        logEventSchema.omit({ token: true }).strip().safeParse(protection.event(decoded.event)).success,
      ).toBe(true)
    }
    expect(events).toBeGreaterThan(500)
    expect(events).toBeLessThan(9_500)
  })
})

describe('the quick check of an event', () => {
  it('agrees with the schema on whatever stands in a field', () => {
    const values = [
      undefined,
      null,
      '',
      'x',
      'INFO',
      'LOUD',
      0,
      1,
      1.5,
      -1,
      99,
      100,
      599,
      600,
      65_535,
      65_536,
      4_294_967_295,
    ]
    const odd = [
      4_294_967_296,
      86_400_000,
      86_400_000.5,
      2 ** 53,
      NaN,
      Infinity,
      true,
      [],
      {},
      { a: 'x' },
      { a: 1 },
      ['x'],
      1n,
    ]
    const whole = { timestamp: 1, level: 'INFO', attributes: {} }
    for (const field of [...fieldNames, 'unknown']) {
      for (const value of [...values, ...odd]) {
        const found: Record<string, unknown> = { ...whole, [field]: value }
        expect([field, value, violationOf(found) === undefined]).toEqual([
          field,
          value,
          logEventSchema.safeParse(found).success,
        ])
      }
    }
    for (const field of ['timestamp', 'level', 'attributes'] as const) {
      const { [field]: _, ...rest } = whole
      expect(violationOf(rest)).toContain(field)
    }
  })
})

const split = (text: string) => splitLines(Buffer.from(text))

describe('formats and lines', () => {
  it('finds a format by its content type', () => {
    expect(formatOf(undefined)).toBe(formats.json)
    expect(formatOf('Application/X-NDJSON; charset=utf-8')).toBe(formats.json)
    for (const format of Object.values(formats)) expect(formatOf(format.contentType)).toBe(format)
    expect(formatOf('text/html')).toBeUndefined()
  })

  it('splits a chunk, whatever its bytes', () => {
    expect(split('a\nb\n')).toEqual(['a', 'b'])
    expect(split('a\n\nb')).toEqual(['a', '', 'b'])
    expect(split('')).toEqual([''])
    expect(split('\n')).toEqual([''])
    expect(splitLines(Uint8Array.of(0x61, 0xff, 0x0a))).toEqual(['a\ufffd'])
  })
})
