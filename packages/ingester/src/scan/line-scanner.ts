import { isPlainId, limits, suits, type Protection } from '@pulsehouse/events'
import type { NativeBlock } from '@pulsehouse/platform'
import type { LogRow, Position } from '../batches/log-columns.js'
import { scannedFields, type ScannedField } from './fields.js'
import { hashOf, knownBytesMax, type KnownTexts } from './known-texts.js'
import { learnText } from './learn-text.js'
import { RowSlots } from './row-slots.js'
import { TimestampReader } from './timestamp-reader.js'

const idBytesMax = 64
/** So many digits a double holds exactly. */
const digitsMax = 15

const [quote, backslash, comma, brace, closing] = [0x22, 0x5c, 0x2c, 0x7b, 0x7d]
const [zero, nine, point, upperA, upperZ] = [0x30, 0x39, 0x2e, 0x41, 0x5a]

/** What may stand in a text that is taken as it is: ASCII without quotes, backslashes and control characters. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x7f && byte !== quote && byte !== backslash ? 1 : 0,
)
/** What may stand in an identifier: 1 for lower-case hexadecimal digits and dashes, 2 for what may be of a secret's sign. */
const idClass = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte)
  if (!/[\w-]/.test(char)) return 0
  return /[\da-f-]/.test(char) ? 1 : 2
})

/** What the scanner has to know of a line beside its bytes. */
export interface LineOrigin extends Position {
  timeShiftMicros: number
}

/**
 * Reads lines of JSON as most of them are: an object of the catalog's fields in plain ASCII, without nesting and
 * escapes. Their texts are looked up by their bytes, so that each text is decoded, protected and encoded once and not
 * in every line; identifiers and numbers go straight from the chunk to the columns. At the first surprise it says so
 * and has written nothing: the line goes the way of every event, and the row is the same. It is several times as fast.
 */
export class LineScanner {
  readonly #block: NativeBlock<LogRow>
  readonly #protection: Protection
  readonly #slots: RowSlots
  readonly #fields: ScannedField[]
  readonly #timestamps = new TimestampReader()
  #first: ScannedField | undefined
  #line = 0
  /** Of the line: fields that say anything beside when and how severe. */
  #saying = 0
  #timestamp = Number.NaN
  #hasLevel = false
  /** Rows of the texts, and what they are rows of. */
  readonly #texts: KnownTexts[] = []
  readonly #textRows = new Int32Array(64)
  #textsCount = 0
  /** Which of the texts must not stand in other fields: user, address, token. */
  readonly #sought = new Int32Array(3)
  readonly #soughtHeads = new Int32Array(3)
  #soughtCount = 0
  /** Ends of what was read last. */
  #end = 0
  /** Starts and ends of identifiers. */
  readonly #ids = new Int32Array(16)
  #idsCount = 0

  constructor(block: NativeBlock<LogRow>, protection: Protection) {
    this.#block = block
    this.#protection = protection
    this.#slots = new RowSlots(block)
    this.#fields = scannedFields(this.#slots)
  }

  /** Texts that the block's columns remember. */
  get texts(): number {
    return this.#slots.dictionaries.writers.reduce((sum, { texts }) => sum + texts, 0)
  }

  /** Writes the line's row to the block. @returns false, with nothing written, if the line is not a plain one. */
  scan(bytes: Uint8Array, start: number, end: number, origin: LineOrigin): boolean {
    if (bytes[start] !== brace || end - start > limits.lineBytesMax) return false
    this.#begin()
    let at = start + 1
    let before: ScannedField | undefined
    for (;;) {
      const field = this.#fieldAt(bytes, at, before)
      if (field === undefined || field.line === this.#line) return false
      field.line = this.#line
      if (!this.#readValue(field, bytes, at + 1 + field.head.length)) return false
      at = this.#end
      const separator = bytes[at]
      if (separator === closing && at + 1 === end) break
      if (separator !== comma) return false
      at += 1
      before = field
    }
    return this.#finish(bytes, origin)
  }

  #begin(): void {
    this.#slots.begin()
    this.#line += 1
    this.#saying = 0
    this.#timestamp = Number.NaN
    this.#hasLevel = false
    this.#textsCount = 0
    this.#soughtCount = 0
    this.#soughtHeads.fill(0)
    this.#idsCount = 0
  }

  /** The field whose quoted name begins here. */
  #fieldAt(bytes: Uint8Array, at: number, before: ScannedField | undefined): ScannedField | undefined {
    if (bytes[at] !== quote) return undefined
    const expected = before === undefined ? this.#first : before.next
    if (expected !== undefined && startsWith(bytes, at + 1, expected.head)) return expected
    const found = this.#fields.find(({ head }) => startsWith(bytes, at + 1, head))
    if (before === undefined) this.#first = found
    else before.next = found
    return found
  }

  #readValue(field: ScannedField, bytes: Uint8Array, at: number): boolean {
    if (field.kind === 'number' || field.kind === 'nullable') return this.#readNumber(field, bytes, at)
    if (bytes[at] !== quote) return false
    switch (field.kind) {
      case 'timestamp':
        return this.#readTimestamp(bytes, at + 1)
      case 'id':
        return this.#readId(field, bytes, at + 1)
      case 'text':
        return this.#readText(field, bytes, at + 1)
    }
  }

  #readTimestamp(bytes: Uint8Array, start: number): boolean {
    const end = endOfText(bytes, start)
    this.#end = end + 1
    this.#timestamp = this.#timestamps.read(bytes, start, end)
    return !Number.isNaN(this.#timestamp)
  }

  #readId(field: ScannedField, bytes: Uint8Array, start: number): boolean {
    let at = startsWith(bytes, start, field.prefix) ? start + field.prefix.length : start
    while (idClass[bytes[at] ?? 0] === 1) at += 1
    if (bytes[at] !== quote) {
      while (idClass[bytes[at] ?? 0] !== 0) at += 1
      if (bytes[at] !== quote || !isPlainIdOf(field, bytes, start, at)) return false
    }
    if (at === start || at - start > idBytesMax) return false
    this.#slots.text(field.slot, bytes, start, at)
    this.#ids[this.#idsCount] = start
    this.#ids[this.#idsCount + 1] = at
    this.#idsCount += 2
    this.#saying += 1
    this.#end = at + 1
    return true
  }

  #readText(field: ScannedField, bytes: Uint8Array, start: number): boolean {
    const end = endOfText(bytes, start)
    if (end - start > knownBytesMax) return false
    const { known } = field
    const hash = hashOf(bytes, start, end)
    let row = known.find(bytes, start, end, hash)
    if (row === -1) {
      if (!isPlainText(bytes, start, end)) return false
      const learned = learnText(field, asciiOf(bytes, start, end), this.#protection, this.#block, this.#slots)
      row = known.add(bytes, start, end, hash, learned)
    }
    if (!known.isKnown(row)) return false
    this.#setText(field, row, bytes, start, end)
    const head = known.soughtHead(row)
    if (head !== 0) {
      this.#soughtHeads[this.#soughtCount] = head
      this.#sought[this.#soughtCount] = this.#textsCount
      this.#soughtCount += 1
    }
    this.#texts[this.#textsCount] = known
    this.#textRows[this.#textsCount] = row
    this.#textsCount += 1
    if (field.name === 'level') this.#hasLevel = true
    else this.#saying += 1
    this.#end = end + 1
    return true
  }

  #setText(
    { slot, dictionarySlots, known }: ScannedField,
    row: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    if (slot !== -1) {
      const length = known.textLength(row)
      const from = known.textStart(row)
      if (length < 0) this.#slots.text(slot, bytes, start, end)
      else this.#slots.text(slot, known.bytes, from, from + length)
    }
    for (let index = 0; index < dictionarySlots.length; index += 1)
      this.#slots.dictionary(dictionarySlots[index] ?? 0, known.id(row, index))
  }

  #readNumber(field: ScannedField, bytes: Uint8Array, start: number): boolean {
    const value = this.#readDecimal(bytes, start)
    if (!suits(field.name, value)) return false
    if (field.kind === 'number') this.#slots.number(field.slot, value)
    else this.#slots.nullable(field.slot, value)
    this.#saying += 1
    return true
  }

  /** Reads digits with at most one point among them; NaN if they are a number of another kind. */
  #readDecimal(bytes: Uint8Array, start: number): number {
    let at = start
    let value = 0
    let pointAt = 0
    for (; ; at += 1) {
      const byte = bytes[at] ?? 0
      if (byte >= zero && byte <= nine) value = value * 10 + byte - zero
      else if (byte === point && pointAt === 0 && at > start) pointAt = at
      else break
    }
    this.#end = at
    const fraction = pointAt === 0 ? 0 : at - pointAt - 1
    const digits = at - start - (pointAt === 0 ? 0 : 1)
    const leadingZero = bytes[start] === zero && at > start + 1 && pointAt !== start + 1
    if (digits === 0 || digits > digitsMax || leadingZero || (pointAt !== 0 && fraction === 0))
      return Number.NaN
    // Both are exact, so the quotient is the double that a parser finds.
    return value / 10 ** fraction
  }

  #finish(bytes: Uint8Array, origin: LineOrigin): boolean {
    const timestamp = this.#timestamp + origin.timeShiftMicros
    const latest = origin.receivedAtMicros + limits.futureMaxMicros
    if (!(timestamp >= limits.timestampMinMicros && timestamp <= latest)) return false
    if (!this.#hasLevel || this.#saying === 0 || this.#holdsOwn(bytes)) return false
    this.#slots.number(this.#slots.timestampSlot, timestamp)
    this.#slots.end(origin)
    return true
  }

  /** Whether the event's user, address or token may stand in another of its fields. */
  #holdsOwn(bytes: Uint8Array): boolean {
    if (this.#soughtCount === 0) return false
    for (let at = 0; at < this.#idsCount; at += 2)
      if (this.#mayHoldOwn(bytes, this.#ids[at] ?? 0, this.#ids[at + 1] ?? 0)) return true
    for (let index = 0; index < this.#soughtCount; index += 1) {
      const sought = this.#sought[index] ?? 0
      const [values, value] = [this.#texts[sought] as KnownTexts, this.#textRows[sought] ?? 0]
      for (let at = 0; at < this.#textsCount; at += 1)
        if (this.#texts[at]?.holds(this.#textRows[at] ?? 0, values, value) === true) return true
    }
    return false
  }

  /** Whether an identifier has the first three characters of one of the values. */
  #mayHoldOwn(bytes: Uint8Array, start: number, end: number): boolean {
    const [first = 0, second = 0, third = 0] = this.#soughtHeads
    let head = 0
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0
      head = ((head << 8) | (byte >= upperA && byte <= upperZ ? byte | 0x20 : byte)) & 0xffffff
      if (head === first || head === second || head === third) return true
    }
    return false
  }
}

function startsWith(bytes: Uint8Array, at: number, head: Uint8Array): boolean {
  for (let index = 0; index < head.length; index += 1) if (bytes[at + index] !== head[index]) return false
  return true
}

/** Where the next quote stands; the end of the chunk if there is none. */
function endOfText(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && bytes[at] !== quote) at += 1
  return at
}

/** Whether a text is one that is taken as it is; the empty one is not. */
function isPlainText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (isPlain[bytes[at] ?? 0] !== 1) return false
  return end > start && bytes[end] === quote
}

function asciiOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
}

/** Judges an identifier as a whole. What stands before its digits mostly comes again, and is remembered. */
function isPlainIdOf(field: ScannedField, bytes: Uint8Array, start: number, end: number): boolean {
  const text = asciiOf(bytes, start, end)
  if (!isPlainId(text)) return false
  // No secret's sign goes on behind an underscore, so hexadecimal digits behind it can't make one.
  const prefix = /^\w*_(?=[\da-f-]*$)/i.exec(text)?.[0]
  if (prefix !== undefined) field.prefix = Buffer.from(prefix)
  return true
}
