import { describe, expect, test } from 'vitest'
import { createCursors, type Cursor } from '../src/parameters/cursor.js'

const cursors = createCursors('a'.repeat(64))
const cursor: Cursor = {
  after: {
    timestampMicros: 1_772_366_430_123_456,
    streamCreatedSeconds: 4_294_967_295,
    streamSeq: 9_007_199_254_740_991,
    eventIndex: 1_999,
  },
  range: { fromMicros: 0, toMicros: 1_772_452_830_000_000 },
}

describe('a cursor', () => {
  test('gives back what it was made of', () => {
    expect(cursors.decode(cursors.encode(cursor, 'search'), 'search')).toEqual(cursor)
  })

  test('is refused with any one of its characters changed', () => {
    const text = cursors.encode(cursor, 'search')
    for (let index = 0; index < text.length; index += 1) {
      const other = text[index] === 'A' ? 'B' : 'A'
      expect(cursors.decode(text.slice(0, index) + other + text.slice(index + 1), 'search')).toBeUndefined()
    }
  })

  test.each(['', 'x', 'A'.repeat(76), 'A'.repeat(75), '=', '%00'])('is not the text "%s"', (text) => {
    expect(cursors.decode(text, 'search')).toBeUndefined()
  })

  test('is refused cut short, made longer and in another alphabet', () => {
    const text = cursors.encode(cursor, 'search')
    expect(cursors.decode(text.slice(0, -1), 'search')).toBeUndefined()
    expect(cursors.decode(`${text}A`, 'search')).toBeUndefined()
    expect(cursors.decode(`${text}=`, 'search')).toBeUndefined()
  })

  test('is good for its own search only, and for its own key', () => {
    const text = cursors.encode(cursor, 'search')
    expect(cursors.decode(text, 'another')).toBeUndefined()
    expect(createCursors('b'.repeat(64)).decode(text, 'search')).toBeUndefined()
  })
})
