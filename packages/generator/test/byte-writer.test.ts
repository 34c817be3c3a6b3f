import { expect, test } from 'vitest'
import { ByteWriter, piece } from '../src/lines/byte-writer.js'

function written(write: (out: ByteWriter) => void): string {
  const out = new ByteWriter(64)
  write(out)
  return Buffer.from(out.take()).toString()
}

test('whole numbers are written as JavaScript does', () => {
  for (const value of [0, 1, 9, 10, 99, 100, 1_000, 65_535, 2_147_483_647]) {
    expect(written((out) => out.integer(value))).toBe(String(value))
  }
})

test('digits are filled up with zeros', () => {
  expect(written((out) => out.digits(0, 6))).toBe('000000')
  expect(written((out) => out.digits(4_210, 6))).toBe('004210')
})

test('identifiers are written with all of their digits', () => {
  for (const value of [0, 0xf, 0x123456, 0x1000000, 0x89abcdef0123, 2 ** 48 - 1]) {
    expect(written((out) => out.hex48(value))).toBe(value.toString(16).padStart(12, '0'))
  }
})

test('pieces and texts follow each other, and taking begins anew', () => {
  const out = new ByteWriter(64)
  out.piece(piece('{"a":'))
  out.text('"b"')
  expect(out.length).toBe(8)
  expect(Buffer.from(out.take()).toString()).toBe('{"a":"b"')
  expect(out.length).toBe(0)
})

test('a piece without room is refused', () => {
  expect(() => written((out) => out.piece(piece('x'.repeat(65))))).toThrow(RangeError)
})
