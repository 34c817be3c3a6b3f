import {
  DictionaryColumn,
  NullableColumn,
  NumberColumn,
  TextColumn,
  type ColumnWriter,
  type NativeBlock,
} from '@pulsehouse/platform'
import { positionColumns, type LogRow, type Position } from '../batches/log-columns.js'

const nothing = new Uint8Array(0)

/** A kind of column: its names, and a value for each. A slot is an index into them. */
interface Columns<Writer> {
  names: string[]
  writers: Writer[]
}

/**
 * The values of one row before they go to the block: a line that turns out to be none of the plain ones leaves
 * nothing behind.
 */
export class RowSlots {
  readonly texts: Columns<TextColumn>
  readonly dictionaries: Columns<DictionaryColumn>
  readonly numbers: Columns<NumberColumn>
  readonly nullables: Columns<NullableColumn>
  readonly #others: Columns<ColumnWriter>
  readonly #block: NativeBlock<LogRow>
  readonly #sources: Uint8Array[]
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  readonly #ids: Int32Array
  readonly #numbers: Float64Array
  /** NaN is NULL. */
  readonly #nullables: Float64Array
  readonly #positionSlots: number[]
  readonly timestampSlot: number

  constructor(block: NativeBlock<LogRow>) {
    this.#block = block
    this.texts = columnsOf(block, TextColumn)
    this.dictionaries = columnsOf(block, DictionaryColumn)
    this.numbers = columnsOf(block, NumberColumn)
    this.nullables = columnsOf(block, NullableColumn)
    this.#others = othersOf(block)
    this.#sources = this.texts.names.map(() => nothing)
    this.#starts = new Int32Array(this.texts.names.length)
    this.#ends = new Int32Array(this.texts.names.length)
    this.#ids = new Int32Array(this.dictionaries.names.length)
    this.#numbers = new Float64Array(this.numbers.names.length)
    this.#nullables = new Float64Array(this.nullables.names.length)
    this.timestampSlot = this.numbers.names.indexOf('timestamp')
    this.#positionSlots = positionColumns.map(({ name }) => this.numbers.names.indexOf(name))
  }

  /** Begins a row in which nothing is set. */
  begin(): void {
    this.#starts.fill(0)
    this.#ends.fill(0)
    this.#ids.fill(0)
    this.#numbers.fill(0)
    this.#nullables.fill(Number.NaN)
  }

  text(slot: number, source: Uint8Array, start: number, end: number): void {
    this.#sources[slot] = source
    this.#starts[slot] = start
    this.#ends[slot] = end
  }

  dictionary(slot: number, id: number): void {
    this.#ids[slot] = id
  }

  number(slot: number, value: number): void {
    this.#numbers[slot] = value
  }

  nullable(slot: number, value: number): void {
    this.#nullables[slot] = value
  }

  /** Writes the row to the block. */
  end(position: Position): void {
    const row = { position }
    for (let index = 0; index < positionColumns.length; index += 1)
      this.#numbers[this.#positionSlots[index] ?? 0] = Number(positionColumns[index]?.value(row))
    for (let slot = 0; slot < this.texts.writers.length; slot += 1) {
      this.texts.writers[slot]?.writeBytes(
        this.#sources[slot] ?? nothing,
        this.#starts[slot] ?? 0,
        this.#ends[slot] ?? 0,
      )
    }
    for (let slot = 0; slot < this.dictionaries.writers.length; slot += 1)
      this.dictionaries.writers[slot]?.writeId(this.#ids[slot] ?? 0)
    for (let slot = 0; slot < this.numbers.writers.length; slot += 1)
      this.numbers.writers[slot]?.write(this.#numbers[slot])
    for (let slot = 0; slot < this.nullables.writers.length; slot += 1) {
      const value = this.#nullables[slot] ?? Number.NaN
      this.nullables.writers[slot]?.write(Number.isNaN(value) ? undefined : value)
    }
    for (const writer of this.#others.writers) writer.write(undefined)
    this.#block.endRow()
  }
}

function columnsOf<Writer extends ColumnWriter>(
  block: NativeBlock<LogRow>,
  kind: abstract new (...parameters: never[]) => Writer,
): Columns<Writer> {
  const found = block.writers.filter(({ writer }) => writer instanceof kind)
  return {
    names: found.map(({ column }) => column.name),
    writers: found.map(({ writer }) => writer as Writer),
  }
}

function othersOf(block: NativeBlock<LogRow>): Columns<ColumnWriter> {
  const known = [TextColumn, DictionaryColumn, NumberColumn, NullableColumn]
  const found = block.writers.filter(({ writer }) => !known.some((kind) => writer instanceof kind))
  return { names: found.map(({ column }) => column.name), writers: found.map(({ writer }) => writer) }
}
