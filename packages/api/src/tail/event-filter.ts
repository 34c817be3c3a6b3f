import type { Sight } from '../access/sight.js'
import type { LogConditions } from '../logs/log-conditions.js'
import type { LogColumn } from '../logs/log-columns.js'
import { measureFilterColumns, personFilterColumns, textFilterColumns } from '../logs/log-filter-columns.js'
import type { TailEvent } from './tail-event.js'

/** Whether an event passes. */
export type EventFilter = (event: TailEvent) => boolean

/** Filters that ask whether a column has one of some values. */
const listed = {
  level: 'level',
  service: 'service',
  endpoint: 'endpoint',
  action: 'action',
  method: 'http_method',
  status: 'status_code',
  port: 'port',
  ...textFilterColumns,
  ...personFilterColumns,
} as const satisfies Record<string, LogColumn | 'level'>

/**
 * Makes the condition that the given values are, once for all events. It means exactly what their SQL means
 * (logs/log-conditions.ts): a test asks both about the same logs.
 */
export function eventFilterOf(given: LogConditions, sight: Sight): EventFilter {
  const conditions = [
    ...Object.entries(listed).flatMap(([name, column]) => oneOf(column, given[name as keyof typeof listed])),
    ...measureConditions(given),
    ...attributeConditions(given),
    ...searchConditions(given, sight),
  ]
  return (event) => conditions.every((holds) => holds(event))
}

function oneOf(column: LogColumn | 'level', values?: readonly (string | number)[]): EventFilter[] {
  if (values === undefined) return []
  const wanted = new Set<string | number | null>(values)
  return [({ log }) => wanted.has(log[column])]
}

/** A measure that is absent passes neither bound; the others are compared as they are stored, in single precision. */
function measureConditions(given: LogConditions): EventFilter[] {
  return measureFilterColumns.flatMap((column): EventFilter[] => {
    const width = column === 'cart_size' ? Number : Math.fround
    const [min, max] = [given[`min_${column}`], given[`max_${column}`]]
    if (min === undefined && max === undefined) return []
    const [least, most] = [width(min ?? -Infinity), width(max ?? Infinity)]
    return [({ log }) => log[column] !== null && width(log[column]) >= least && width(log[column]) <= most]
  })
}

function attributeConditions(given: LogConditions): EventFilter[] {
  const { attribute_keys: keys = [], attribute_pairs: pairs = [], attribute_values: values = [] } = given
  return [
    ...keys.map((key): EventFilter => {
      return ({ log }) => Object.hasOwn(log.attributes, key)
    }),
    ...pairs.map((key, index): EventFilter => {
      return ({ log }) => Object.hasOwn(log.attributes, key) && log.attributes[key] === values[index]
    }),
  ]
}

/** What may not be seen is not found either: see `logConditionsFor`. */
function searchConditions(
  { words = [], phrases = [], contains }: LogConditions,
  sight: Sight,
): EventFilter[] {
  const pieces = contains === undefined ? phrases : [...phrases, contains]
  const all = sight === 'all'
  return [
    ...words.map((word): EventFilter => {
      return (event) => event.words.has(word) && (all || event.maskedWords.has(word))
    }),
    ...pieces.map((piece): EventFilter => {
      const lower = piece.toLowerCase()
      const isIn = (texts: readonly string[]): boolean => texts.some((text) => text.includes(lower))
      return (event) => isIn(event.texts) && (all || isIn(event.maskedTexts))
    }),
  ]
}
