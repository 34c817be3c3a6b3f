import { holdsOwn, ownValue } from '@pulsehouse/events'
import { groupBit, groupNumbers, hasGroup, setGroups } from './character-groups.js'

/** Texts longer than this hardly come back; a line that has one goes the way of every event. */
export const knownBytesMax = 512

/** What a text in a field becomes. */
export interface LearnedText {
  /** What is stored in its place. */
  text: string
  /** Numbers of the texts that it becomes in dictionary columns, in the order of the field's slots; at most four. */
  ids: readonly number[]
  /** Whether the event's own user, address or token may stand in it. */
  isSearched: boolean
  /** Whether it is such a value itself, which must not stand in another field. */
  isSought: boolean
}

/** Dictionary columns that a field can have a text in: the user agent has its own, browser, system and device. */
export const idsMax = 4

// Looking up costs what memory costs. So an entry is a row of numbers, in two lines of the processor's cache, and not an object.
const [hashAt, keyAt, keyLengthAt, knownAt, textAt, textLengthAt, idsAt] = [0, 1, 2, 3, 4, 5, 6]
const [soughtAt, headAt, soughtBitsAt, percentAt, groupsAt] = [10, 11, 12, 15, 16]
const rowNumbers = groupsAt + groupNumbers
/** Of `textLengthAt`: the text is stored as it is. */
const asItIs = -1
/** Of `soughtAt`: the value is written alike in an address, or with percent signs there. */
const [plain, encoded] = [1, 2]

/** Bytes at the end of a text that are all hashed; of what stands before, so many are skipped at a time. */
const [hashedWhole, hashStep] = [24, 3]

/** A hash of the bytes from `start` to `end`. Long texts that differ in few places are told apart by comparing them. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  const whole = Math.max(start, end - hashedWhole)
  let hash = end - start
  for (let at = whole; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  for (let at = start; at < whole; at += hashStep) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return hash ^ (hash >>> 15)
}

/**
 * What is known of the texts of one field, by their bytes: a text that stands in a chunk is looked up without making a
 * string of it. It forgets everything when it is full, so that its memory is bounded.
 */
export class KnownTexts {
  readonly #entriesMax: number
  /** Open addressing: 0 is free, else the number of an entry, from 1. It is no larger than it must be, to stay in the cache. */
  #slots = new Int32Array(32)
  #rows = new Int32Array(rowNumbers * 16)
  /** Keys, and behind each what its text becomes. */
  #bytes = Buffer.alloc(1024)
  #bytesLength = 0
  #entries = 0

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
  }

  /** Where the texts stand that are not stored as they are; a new place after `add`. */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** The row of the bytes from `start` to `end`, whose hash is given; -1 if they are not known. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const [slots, rows] = [this.#slots, this.#rows]
    const mask = slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = ((slots[slot] ?? 0) - 1) * rowNumbers
      if (row < 0) return -1
      if (rows[row + hashAt] !== hash || rows[row + keyLengthAt] !== end - start) continue
      if (isSame(this.#bytes, rows[row + keyAt] ?? 0, bytes, start, end)) return row
    }
  }

  /** Remembers what a text becomes; undefined is one whose whole line has to go the way of every event. @returns its row. */
  add(bytes: Uint8Array, start: number, end: number, hash: number, learned: LearnedText | undefined): number {
    if (this.#entries >= this.#entriesMax) this.#clear()
    const row = this.#entries * rowNumbers
    this.#entries += 1
    this.#index(this.#entries, hash)
    if (row + rowNumbers > this.#rows.length)
      this.#rows = larger(this.#rows, new Int32Array(this.#rows.length * 2))
    this.#rows.fill(0, row, row + rowNumbers)
    const key = bytes.subarray(start, end)
    this.#rows[row + hashAt] = hash
    this.#rows[row + keyLengthAt] = key.length
    this.#rows[row + keyAt] = this.#keep(key)
    if (learned !== undefined) this.#describe(row, learned, Buffer.from(key).toString('latin1'))
    return row
  }

  /** Gives an entry its slot. */
  #index(entry: number, hash: number): void {
    if (entry * 2 > this.#slots.length) {
      this.#slots = new Int32Array(this.#slots.length * 2)
      for (let other = 1; other < entry; other += 1)
        this.#index(other, this.#rows[(other - 1) * rowNumbers + hashAt] ?? 0)
    }
    const mask = this.#slots.length - 1
    let slot = hash & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = entry
  }

  #describe(row: number, { text, ids, isSearched, isSought }: LearnedText, key: string): void {
    const rows = this.#rows
    rows[row + knownAt] = 1
    rows[row + textLengthAt] = asItIs
    if (text !== key) {
      const bytes = Buffer.from(text)
      rows[row + textLengthAt] = bytes.length
      rows[row + textAt] = this.#keep(bytes)
    }
    rows.set(ids, row + idsAt)
    if (isSearched) {
      rows[row + percentAt] = text.includes('%') ? 1 : 0
      setGroups(rows, row + groupsAt, text.toLowerCase())
    }
    // What is stored as it came is a pseudonym already, or is meant to be read.
    const [spelling, ...others] = isSought ? (ownValue(key, text)?.spellings ?? []) : []
    if (spelling === undefined) return
    rows[row + soughtAt] = others.length === 0 ? plain : encoded
    rows[row + headAt] =
      (spelling.charCodeAt(0) << 16) | (spelling.charCodeAt(1) << 8) | spelling.charCodeAt(2)
    const places = [spelling.length - 3, 0, (spelling.length - 3) >> 1]
    for (const [index, at] of places.entries()) rows[row + soughtBitsAt + index] = groupBit(spelling, at)
  }

  /** Whether it is known what a row's text becomes. */
  isKnown(row: number): boolean {
    return this.#rows[row + knownAt] === 1
  }

  /** Bytes of what is stored; -1 if the text is stored as it is. */
  textLength(row: number): number {
    return this.#rows[row + textLengthAt] ?? 0
  }

  /** Where in `bytes` what is stored stands. */
  textStart(row: number): number {
    return this.#rows[row + textAt] ?? 0
  }

  /** Number of the text in the field's dictionary column of that index; 0 is the empty one. */
  id(row: number, index: number): number {
    return this.#rows[row + idsAt + index] ?? 0
  }

  /** The first three characters, in one number, of a value that must not stand in another field; 0 for others. */
  soughtHead(row: number): number {
    return this.#rows[row + headAt] ?? 0
  }

  /**
   * Whether a value of another field stands in the text. Most texts hold none, which is seen without reading them again:
   * by the set of their groups of three characters.
   */
  holds(row: number, others: KnownTexts, sought: number): boolean {
    const [rows, values] = [this.#rows, others.#rows]
    const mayBeEncoded = rows[row + percentAt] === 1 && values[sought + soughtAt] === encoded
    if (!mayBeEncoded) {
      for (let at = sought + soughtBitsAt; at < sought + soughtBitsAt + 3; at += 1)
        if (!hasGroup(rows, row + groupsAt, values[at] ?? 0)) return false
    }
    const own = ownValue(others.#key(sought), '')
    return own !== undefined && holdsOwn(this.#stored(row).toLowerCase(), [own])
  }

  #key(row: number): string {
    const start = this.#rows[row + keyAt] ?? 0
    return this.#bytes.toString('latin1', start, start + (this.#rows[row + keyLengthAt] ?? 0))
  }

  #stored(row: number): string {
    const length = this.textLength(row)
    if (length < 0) return this.#key(row)
    return this.#bytes.toString('utf8', this.textStart(row), this.textStart(row) + length)
  }

  #keep(bytes: Uint8Array): number {
    const start = this.#bytesLength
    if (start + bytes.length > this.#bytes.length)
      this.#bytes = larger(this.#bytes, Buffer.alloc(this.#bytes.length * 2 + bytes.length))
    this.#bytes.set(bytes, start)
    this.#bytesLength += bytes.length
    return start
  }

  #clear(): void {
    this.#slots.fill(0)
    this.#bytesLength = 0
    this.#entries = 0
  }
}

function larger<Numbers extends Int32Array | Buffer>(old: Numbers, bigger: Numbers): Numbers {
  bigger.set(old)
  return bigger
}

function isSame(keys: Uint8Array, from: number, bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start, key = from; at < end; at += 1, key += 1) if (keys[key] !== bytes[at]) return false
  return true
}
