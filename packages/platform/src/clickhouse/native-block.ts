import { ByteBuffer } from './byte-buffer.js'
import {
  DictionaryColumn,
  MapColumn,
  NullableColumn,
  NumberColumn,
  TextColumn,
  type ColumnValue,
  type ColumnWriter,
} from './native-columns.js'

/** Types of columns that blocks are written with; ClickHouse converts String to LowCardinality on its own. */
export type ColumnType = keyof typeof writers

/** A column of a block, and how its value is taken from a row. */
export interface Column<Row> {
  name: string
  type: ColumnType
  value: (row: Row) => ColumnValue
}

type Put = (data: ByteBuffer, value: number) => void

const uint16: Put = (data, value) => data.uint16(value)
const uint32: Put = (data, value) => data.uint32(value)
const int64: Put = (data, value) => data.int64(value)
const float32: Put = (data, value) => data.float32(value)

const writers = {
  String: () => new TextColumn(),
  'LowCardinality(String)': () => new DictionaryColumn(),
  UInt16: () => new NumberColumn(uint16),
  UInt32: () => new NumberColumn(uint32),
  UInt64: () => new NumberColumn(int64),
  /** Days since 1970. */
  Date: () => new NumberColumn(uint16),
  /** Seconds since 1970. */
  DateTime: () => new NumberColumn(uint32),
  /** Microseconds since 1970. */
  'DateTime64(6)': () => new NumberColumn(int64),
  'Nullable(DateTime64(6))': () => new NullableColumn(int64),
  'Nullable(Float32)': () => new NullableColumn(float32),
  'Nullable(UInt32)': () => new NullableColumn(uint32),
  'Map(String, String)': () => new MapColumn(),
} satisfies Record<string, () => ColumnWriter>

/**
 * Writes rows column by column into ClickHouse's `Native` format: one block, whose header carries its row count, so
 * that a body that was cut short is always refused. It is the fastest format for the server by a factor of three.
 */
export class NativeBlock<Row> {
  readonly #columns: { column: Column<Row>; writer: ColumnWriter }[]
  #rows = 0

  constructor(columns: readonly Column<Row>[]) {
    this.#columns = columns.map((column) => ({ column, writer: writers[column.type]() }))
  }

  /** Names of the columns, for the INSERT statement. */
  get columnNames(): string[] {
    return this.#columns.map(({ column }) => column.name)
  }

  /** Rows that have been added. */
  get rows(): number {
    return this.#rows
  }

  add(row: Row): void {
    for (const { column, writer } of this.#columns) writer.write(column.value(row))
    this.#rows += 1
  }

  /** The columns with their writers: for rows that are not there as objects. One value to each, then `endRow`. */
  get writers(): readonly { column: Column<Row>; writer: ColumnWriter }[] {
    return this.#columns
  }

  /** Counts a row that was written to `writers`. */
  endRow(): void {
    this.#rows += 1
  }

  /** Bytes of the block, a buffer of its own. */
  encode(): Buffer<ArrayBuffer> {
    const head = new ByteBuffer(16)
    head.varint(this.#columns.length)
    head.varint(this.#rows)
    const parts = [head]
    for (const { column, writer } of this.#columns) {
      const title = new ByteBuffer(64)
      title.string(column.name)
      title.string(column.type)
      parts.push(title, ...writer.parts())
    }
    const whole = Buffer.allocUnsafeSlow(parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of parts) {
      whole.set(part.view(), at)
      at += part.length
    }
    return whole
  }

  /** Forgets the rows and keeps the memory. */
  clear(): void {
    this.#rows = 0
    for (const { writer } of this.#columns) writer.clear()
  }
}
