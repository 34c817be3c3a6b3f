import { createHmac, timingSafeEqual } from 'node:crypto'
import type { TimeRange } from './time.js'

/** Where a row stands in the order of the list: unique, and it never changes. */
export interface RowPosition {
  timestampMicros: number
  /** When the stream was made, seconds since 1970. */
  streamCreatedSeconds: number
  streamSeq: number
  eventIndex: number
}

/** Where the next page starts: behind a row, within the time range of the first page. */
export interface Cursor {
  after: RowPosition
  range: TimeRange
}

/** Writes and reads cursors. */
export interface Cursors {
  /** @param search what was searched for; a cursor is good for the same search only. */
  encode(cursor: Cursor, search: string): string
  /** @returns undefined for a text that is no cursor of this search. */
  decode(text: string, search: string): Cursor | undefined
}

const version = 1
const contentBytes = 41
const sealBytes = 16
/** 57 bytes are 76 characters without a rest, so that every cursor has one spelling only. */
const pattern = /^[\w-]{76}$/

/**
 * Cursors are sealed with a keyed hash over the place and the search: what a client sends back is what it was given.
 *
 * @param keyHex the pseudonym key; what is hashed starts unlike anything that is hashed for a pseudonym.
 */
export function createCursors(keyHex: string): Cursors {
  const key = Buffer.from(keyHex, 'hex')
  const seal = (content: Buffer, search: string): Buffer =>
    createHmac('sha256', key)
      .update('cursor\0')
      .update(content)
      .update(search)
      .digest()
      .subarray(0, sealBytes)
  return {
    encode: (cursor, search) => {
      const content = write(cursor)
      return Buffer.concat([content, seal(content, search)]).toString('base64url')
    },
    decode: (text, search) => {
      if (!pattern.test(text)) return undefined
      const bytes = Buffer.from(text, 'base64url')
      const content = bytes.subarray(0, contentBytes)
      const genuine = timingSafeEqual(bytes.subarray(contentBytes), seal(content, search))
      return genuine && content[0] === version ? read(content) : undefined
    },
  }
}

function write({ after, range }: Cursor): Buffer {
  const content = Buffer.alloc(contentBytes)
  content.writeUInt8(version, 0)
  content.writeBigInt64LE(BigInt(after.timestampMicros), 1)
  content.writeUInt32LE(after.streamCreatedSeconds, 9)
  content.writeBigInt64LE(BigInt(after.streamSeq), 13)
  content.writeUInt32LE(after.eventIndex, 21)
  content.writeBigInt64LE(BigInt(range.fromMicros), 25)
  content.writeBigInt64LE(BigInt(range.toMicros), 33)
  return content
}

function read(content: Buffer): Cursor {
  const micros = (offset: number): number => Number(content.readBigInt64LE(offset))
  return {
    after: {
      timestampMicros: micros(1),
      streamCreatedSeconds: content.readUInt32LE(9),
      streamSeq: micros(13),
      eventIndex: content.readUInt32LE(21),
    },
    range: { fromMicros: micros(25), toMicros: micros(33) },
  }
}
