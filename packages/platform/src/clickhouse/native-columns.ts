import { ByteBuffer } from './byte-buffer.js'

/** What a column takes: text, a number, the entries of a map, or nothing, which is the type's default or NULL. */
export type ColumnValue = string | number | Readonly<Record<string, string>> | undefined

/** Collects the values of one column, a row after the other. */
export interface ColumnWriter {
  write(value: ColumnValue): void
  /** The column's bytes so far, in the order in which ClickHouse reads them. */
  parts(): ByteBuffer[]
  /** Forgets the rows and keeps the memory. */
  clear(): void
}

/** Numbers of a fixed width; absent is 0. */
export class NumberColumn implements ColumnWriter {
  readonly #data = new ByteBuffer()
  readonly #put: (data: ByteBuffer, value: number) => void

  constructor(put: (data: ByteBuffer, value: number) => void) {
    this.#put = put
  }

  write(value: ColumnValue): void {
    this.#put(this.#data, typeof value === 'number' ? value : 0)
  }

  parts(): ByteBuffer[] {
    return [this.#data]
  }

  clear(): void {
    this.#data.clear()
  }
}

/** A nullable column is a byte a row, 1 for NULL, and then all values, NULLs included. */
export class NullableColumn implements ColumnWriter {
  readonly #nulls = new ByteBuffer()
  readonly #data = new ByteBuffer()
  readonly #put: (data: ByteBuffer, value: number) => void

  constructor(put: (data: ByteBuffer, value: number) => void) {
    this.#put = put
  }

  write(value: ColumnValue): void {
    this.#nulls.uint8(value === undefined ? 1 : 0)
    this.#put(this.#data, typeof value === 'number' ? value : 0)
  }

  parts(): ByteBuffer[] {
    return [this.#nulls, this.#data]
  }

  clear(): void {
    this.#nulls.clear()
    this.#data.clear()
  }
}

/** Texts; absent is the empty one. */
export class TextColumn implements ColumnWriter {
  readonly #data = new ByteBuffer()

  write(value: ColumnValue): void {
    this.#data.string(typeof value === 'string' ? value : '')
  }

  /** Writes a text that is UTF-8 already. */
  writeBytes(source: Uint8Array, start: number, end: number): void {
    this.#data.varint(end - start)
    this.#data.bytes(source, start, end)
  }

  parts(): ByteBuffer[] {
    return [this.#data]
  }

  clear(): void {
    this.#data.clear()
  }
}

/** Numbers of a `LowCardinality` column's bytes, as ClickHouse's SerializationLowCardinality reads them. */
const lowCardinality = {
  /** The format's version: each block brings its own keys. */
  version: 1,
  hasAdditionalKeys: 1 << 9,
  /** Width of the indexes: 0 for one byte, 1 for two, 2 for four. */
  indexWidths: [
    { keysMax: 1 << 8, code: 0 },
    { keysMax: 1 << 16, code: 1 },
    { keysMax: 2 ** 32, code: 2 },
  ],
} as const

/**
 * Texts that repeat, as ClickHouse keeps them: each text of a block once, and a number a row. It saves the server
 * looking up every row's text. The first key is the empty text, which is the type's default.
 */
export class DictionaryColumn implements ColumnWriter {
  readonly #ids = new Map<string, number>([['', 0]])
  readonly #texts: string[] = ['']
  /** The key that an id has in this block, if its stamp is this block's. */
  readonly #keyOf: number[] = [0]
  readonly #stampOf: number[] = [0]
  #stamp = 0
  /** Ids of this block's keys. */
  #keys: number[] = [0]
  #rows = new Uint32Array(1024)
  #length = 0

  /** How many texts have numbers; they are kept between blocks. */
  get texts(): number {
    return this.#texts.length
  }

  /** A number for a text, by which it is written faster, as long as the column lives. */
  idOf(text: string): number {
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    const id = this.#texts.length
    this.#ids.set(text, id)
    this.#texts.push(text)
    this.#keyOf.push(0)
    this.#stampOf.push(-1)
    return id
  }

  write(value: ColumnValue): void {
    this.writeId(typeof value === 'string' && value !== '' ? this.idOf(value) : 0)
  }

  /** Writes a text by its number. */
  writeId(id: number): void {
    if (this.#length === this.#rows.length) this.#grow()
    let key = 0
    if (id !== 0) {
      if (this.#stampOf[id] !== this.#stamp) {
        this.#stampOf[id] = this.#stamp
        this.#keyOf[id] = this.#keys.length
        this.#keys.push(id)
      }
      key = this.#keyOf[id] ?? 0
    }
    this.#rows[this.#length] = key
    this.#length += 1
  }

  parts(): ByteBuffer[] {
    const width = lowCardinality.indexWidths.find(({ keysMax }) => this.#keys.length <= keysMax)
    if (width === undefined) throw new RangeError('a block has more texts than a column may have')
    const out = new ByteBuffer(64 + this.#length * 2 ** width.code)
    out.int64(lowCardinality.version)
    out.int64(lowCardinality.hasAdditionalKeys + width.code)
    out.int64(this.#keys.length)
    for (const id of this.#keys) out.string(this.#texts[id] ?? '')
    out.int64(this.#length)
    const indexes = this.#rows.subarray(0, this.#length)
    const packed = [Uint8Array, Uint16Array, Uint32Array][width.code]?.from(indexes) ?? indexes
    const bytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength)
    out.bytes(bytes, 0, bytes.length)
    return [out]
  }

  /** Forgets the rows; texts keep their numbers. */
  clear(): void {
    this.#stamp += 1
    this.#keys = [0]
    this.#length = 0
  }

  #grow(): void {
    const larger = new Uint32Array(this.#rows.length * 2)
    larger.set(this.#rows)
    this.#rows = larger
  }
}

/** A map column is the running count of its entries, then all keys, then all values. */
export class MapColumn implements ColumnWriter {
  readonly #ends = new ByteBuffer()
  readonly #keys = new ByteBuffer()
  readonly #values = new ByteBuffer()
  #count = 0

  write(value: ColumnValue): void {
    if (typeof value === 'object') {
      for (const key of Object.keys(value)) {
        this.#keys.string(key)
        this.#values.string(value[key] ?? '')
        this.#count += 1
      }
    }
    this.#ends.int64(this.#count)
  }

  parts(): ByteBuffer[] {
    return [this.#ends, this.#keys, this.#values]
  }

  clear(): void {
    for (const part of this.parts()) part.clear()
    this.#count = 0
  }
}
