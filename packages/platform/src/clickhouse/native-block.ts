import { ByteBuffer } from './byte-buffer.js'

/** What a column takes: text, a number, the entries of a map, or nothing, which is the type's default or NULL. */
export type ColumnValue = string | number | Readonly<Record<string, string>> | undefined

/** Types of columns that blocks are written with; ClickHouse converts String to LowCardinality on its own. */
export type ColumnType = keyof typeof writers

/** A column of a block, and how its value is taken from a row. */
export interface Column<Row> {
  name: string
  type: ColumnType
  value: (row: Row) => ColumnValue
}

/** Collects the values of one column. */
interface ColumnWriter {
  write(value: ColumnValue): void
  /** The column's bytes, in the order in which ClickHouse reads them. */
  parts(): ByteBuffer[]
}

function fixed(put: (data: ByteBuffer, value: number) => void): () => ColumnWriter {
  return () => {
    const data = new ByteBuffer()
    return { write: (value) => put(data, typeof value === 'number' ? value : 0), parts: () => [data] }
  }
}

/** A nullable column is a byte a row, 1 for NULL, and then all values, NULLs included. */
function nullable(put: (data: ByteBuffer, value: number) => void): () => ColumnWriter {
  return () => {
    const nulls = new ByteBuffer()
    const data = new ByteBuffer()
    const write = (value: ColumnValue): void => {
      nulls.uint8(value === undefined ? 1 : 0)
      put(data, typeof value === 'number' ? value : 0)
    }
    return { write, parts: () => [nulls, data] }
  }
}

function strings(): ColumnWriter {
  const data = new ByteBuffer()
  return { write: (value) => data.string(typeof value === 'string' ? value : ''), parts: () => [data] }
}

/** A map column is the running count of its entries, then all keys, then all values. */
function stringMaps(): ColumnWriter {
  const [ends, keys, values] = [new ByteBuffer(), new ByteBuffer(), new ByteBuffer()]
  let count = 0
  const write = (value: ColumnValue): void => {
    for (const [key, text] of typeof value === 'object' ? Object.entries(value) : []) {
      keys.string(key)
      values.string(text)
      count += 1
    }
    ends.int64(count)
  }
  return { write, parts: () => [ends, keys, values] }
}

const writers = {
  String: strings,
  UInt16: fixed((data, value) => data.uint16(value)),
  UInt32: fixed((data, value) => data.uint32(value)),
  UInt64: fixed((data, value) => data.int64(value)),
  /** Days since 1970. */
  Date: fixed((data, value) => data.uint16(value)),
  /** Seconds since 1970. */
  DateTime: fixed((data, value) => data.uint32(value)),
  /** Microseconds since 1970. */
  'DateTime64(6)': fixed((data, value) => data.int64(value)),
  'Nullable(DateTime64(6))': nullable((data, value) => data.int64(value)),
  'Nullable(Float32)': nullable((data, value) => data.float32(value)),
  'Nullable(UInt32)': nullable((data, value) => data.uint32(value)),
  'Map(String, String)': stringMaps,
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

  /** The block as one buffer. */
  encode(): Buffer {
    const head = new ByteBuffer()
    head.varint(this.#columns.length)
    head.varint(this.#rows)
    const parts = [head]
    for (const { column, writer } of this.#columns) {
      const title = new ByteBuffer()
      title.string(column.name)
      title.string(column.type)
      parts.push(title, ...writer.parts())
    }
    return Buffer.concat(parts.map((part) => part.view()))
  }
}
