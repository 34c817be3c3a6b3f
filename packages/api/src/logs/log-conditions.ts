import { z } from '@hono/zod-openapi'
import { levels } from '@pulsehouse/events'
import { maskedInSql } from '../access/mask-people.js'
import type { Sight } from '../access/sight.js'
import { sharedConditions, sharedFilters } from '../query/conditions.js'
import {
  measureFilterColumns,
  personFilterColumns,
  searchedColumns,
  textFilterColumns,
  type MeasureBound,
  type TextFilter,
} from './log-filter-columns.js'

const names = <Name extends string>(record: Readonly<Record<Name, unknown>>): Name[] =>
  Object.keys(record) as Name[]

/**
 * All searched text of a log in small letters, a line a field: a line break is in no parameter, so what is found in it
 * is found in one field. The text index of migration 0026 is on this very expression; word for word, or it isn't used.
 */
const searched = `lowerUTF8(concatWithSeparator('\\n', ${searchedColumns.map((name) => `t.${name}`).join(', ')}, arrayStringConcat(mapValues(t.attributes), '\\n')))`

const textConditions = Object.fromEntries(
  Object.entries({ ...textFilterColumns, ...personFilterColumns }).map(([name, column]) => [
    name,
    `t.${column} IN {${name}:Array(String)}`,
  ]),
)

/** Measures are compared in their own width: as Float64, a stored 0.1 would lie above 0.1. */
const measureConditions = Object.fromEntries(
  measureFilterColumns.flatMap((column) => {
    const type = column === 'cart_size' ? 'Float64' : 'Float32'
    return [
      [`min_${column}`, `t.${column} >= {min_${column}:${type}}`],
      [`max_${column}`, `t.${column} <= {max_${column}:${type}}`],
    ]
  }),
)

/** Conditions on logs, each of which holds where its parameter is given. They call the table `t`. */
export const logConditions: Readonly<Record<string, string>> = {
  level: 't.level IN {level:Array(String)}',
  ...sharedConditions,
  ...textConditions,
  port: 't.port IN {port:Array(UInt16)}',
  ...measureConditions,
  attribute_keys: 'hasAll(mapKeys(t.attributes), {attribute_keys:Array(String)})',
  attribute_pairs:
    'arrayAll((pair_key, pair_value) -> t.attributes[pair_key] = pair_value, {attribute_pairs:Array(String)}, {attribute_values:Array(String)})',
  words: `hasAllTokens(${searched}, {words:Array(String)})`,
  phrases: `arrayAll(phrase -> position(${searched}, lowerUTF8(phrase)) > 0, {phrases:Array(String)})`,
  // A pattern, because for patterns the index looks through its words where position() reads every row.
  contains: `${searched} LIKE lowerUTF8({contains:String})`,
}

/**
 * Of a text that is searched, the part that may be seen must hold what is looked for, too: piece by piece a search would
 * find out a pseudonym otherwise. The first condition stays as it is, because the index answers it.
 */
const maskedSearched = maskedInSql(searched, 'masked')
const maskedConditions = Object.fromEntries(
  (['words', 'phrases', 'contains'] as const).map((name) => {
    const condition = logConditions[name] ?? ''
    return [name, `${condition}\n  AND ${condition.replace(searched, maskedSearched)}`]
  }),
)

/** The conditions for whoever sees so much of people. */
export function logConditionsFor(sight: Sight): Readonly<Record<string, string>> {
  return sight === 'all' ? logConditions : { ...logConditions, ...maskedConditions }
}

const strings = z.array(z.string()).optional()

/** What the conditions take; one that is absent does not filter. */
export const logConditionParameters = {
  level: z.array(z.enum(levels)).optional(),
  ...sharedFilters,
  ...(Object.fromEntries(names(textFilterColumns).map((name) => [name, strings])) as Record<
    TextFilter,
    typeof strings
  >),
  user: strings,
  ip: strings,
  port: z.array(z.int()).optional(),
  ...(Object.fromEntries(
    measureFilterColumns.flatMap((column) => [
      [`min_${column}`, z.number().optional()],
      [`max_${column}`, z.number().optional()],
    ]),
  ) as Record<MeasureBound, z.ZodOptional<z.ZodNumber>>),
  attribute_keys: strings,
  attribute_pairs: strings,
  attribute_values: strings,
  words: strings,
  phrases: strings,
  contains: z.string().optional(),
}

/** The part of a time range that the sort key reads: its first column is the hour. */
export const inRange = `toStartOfHour(t.timestamp) >= toStartOfHour(fromUnixTimestamp64Micro({from_micros:Int64}, 'UTC'))
  AND toStartOfHour(t.timestamp) <= toStartOfHour(fromUnixTimestamp64Micro({to_micros:Int64}, 'UTC'))
  AND t.timestamp >= fromUnixTimestamp64Micro({from_micros:Int64}, 'UTC')
  AND t.timestamp < fromUnixTimestamp64Micro({to_micros:Int64}, 'UTC')`

const schema = z.object(logConditionParameters)

/** Values of the conditions. */
export type LogConditions = z.infer<typeof schema>
