import { fieldNames, type LogEvent } from '@pulsehouse/events'
import { KnownTexts } from './known-texts.js'
import type { RowSlots } from './row-slots.js'

/** How a field's value is read; the list is closed. */
export type FieldKind = 'timestamp' | 'text' | 'id' | 'number' | 'nullable'

/** A field as it stands in a line of JSON. */
export interface ScannedField {
  name: keyof LogEvent
  kind: FieldKind
  /** What stands between the quote before the name and the value: `level":`. */
  head: Uint8Array
  /** The column that a text, an identifier or a number goes to, among those of its kind; -1 for none. */
  slot: number
  /** Of an identifier: what stood before its digits in the line before. */
  prefix: Uint8Array
  /** Of a text: what is known of its values. */
  known: KnownTexts
  /** Of a text: the dictionary columns that have shown to get something from it. */
  dictionarySlots: number[]
  /** The field that came after this one in the line before: most lines have the same fields in the same order. */
  next: ScannedField | undefined
  /** The last line that had it: a name that comes twice is left to the parser. */
  line: number
}

/** Values that are remembered of a field; people are many. */
const knownMax: Partial<Record<keyof LogEvent | 'others', number>> & { others: number } = {
  user_id: 50_000,
  ip_address: 50_000,
  others: 20_000,
}

const ids = new Set<keyof LogEvent>(['request_id', 'session_id', 'product_id', 'correlation_id'])

/** The fields that a scanner reads by itself: all of the catalog, under their own names. */
export function scannedFields(slots: RowSlots): ScannedField[] {
  return fieldNames
    .filter((name) => name !== 'attributes')
    .map((name) => ({
      name,
      ...placeOf(name, slots),
      head: Buffer.from(`${name}":`),
      prefix: new Uint8Array(0),
      known: new KnownTexts(knownMax[name] ?? knownMax.others),
      dictionarySlots: [],
      next: undefined,
      line: -1,
    }))
}

function placeOf(name: keyof LogEvent, slots: RowSlots): { kind: FieldKind; slot: number } {
  if (name === 'timestamp') return { kind: 'timestamp', slot: slots.numbers.names.indexOf(name) }
  if (ids.has(name)) return { kind: 'id', slot: slots.texts.names.indexOf(name) }
  for (const [kind, { names }] of [
    ['number', slots.numbers],
    ['nullable', slots.nullables],
  ] as const)
    if (names.includes(name)) return { kind, slot: names.indexOf(name) }
  return { kind: 'text', slot: slots.texts.names.indexOf(name) }
}
