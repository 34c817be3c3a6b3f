import { z } from '@hono/zod-openapi'
import { fieldDescription } from '../logs/field-description.js'
import { BadParameters } from '../http/problem.js'
import {
  measureFilterColumns,
  personFilterColumns,
  textFilterColumns,
  type MeasureBound,
  type TextFilter,
} from '../logs/log-filter-columns.js'
import { attributeList } from './attributes.js'
import { levelList, networkList, portList, textList } from './lists.js'
import { sharedParameters } from './shared.js'
import { searchText } from './search-text.js'
import { text } from './text.js'
import { measure } from './measure.js'

/** What a value of the filter looks like, for the document. */
const examples: Record<TextFilter, string> = {
  host: 'web-1',
  message: 'worker started',
  request: 'req_90412',
  session: 'sess_4821',
  correlation: 'corr_77120',
  url: '/products/42',
  referrer: 'google.com',
  referrer_url: 'https://google.com/search',
  ip_network: '203.0.113.0/24',
  user_agent: 'curl/8.5.0',
  browser: 'Chrome,Firefox',
  os: 'Android,iOS',
  device: 'mobile,tablet',
  product: 'prod_815',
  checkout_status: 'failed',
  auth_method: 'OAuth,JWT',
  auth_level: 'admin',
  server: '10.0.0.12',
  protocol: 'HTTPS',
  status_text: 'Not Found',
  detail: 'Payment declined',
}

const listed = 'Several are separated by commas; a comma within one is written `\\,`.'

const textFilters = Object.fromEntries(
  Object.entries(textFilterColumns).map(([name, column]) => [
    name,
    textList({ description: `${fieldDescription(column)} ${listed}`, example: examples[name as TextFilter] }),
  ]),
) as Record<TextFilter, ReturnType<typeof textList>>

const people = 'In clear or as the pseudonym that is stored; asks for a key with the role `personal`.'

const measureFilters = Object.fromEntries(
  measureFilterColumns.flatMap((column) => [
    [
      `min_${column}`,
      measure({ description: `${fieldDescription(column)} At least so much.`, example: '10' }),
    ],
    [
      `max_${column}`,
      measure({ description: `${fieldDescription(column)} At the most so much.`, example: '250' }),
    ],
  ]),
) as Record<MeasureBound, ReturnType<typeof measure>>

/**
 * Filters on every field of the log, for the list of logs and for the live tail. All that are given must hold; of a
 * list one value is enough, of `attribute` every one is needed.
 */
export const logFilters = {
  level: levelList,
  ...sharedParameters,
  ...textFilters,
  ip_network: networkList({
    description: `${fieldDescription('ip_network')} ${listed}`,
    example: examples.ip_network,
  }),
  user: textList({
    description: `${fieldDescription(personFilterColumns.user)} ${people}`,
    example: 'user_1042',
  }),
  ip: textList({
    description: `${fieldDescription(personFilterColumns.ip)} ${people}`,
    example: '203.0.113.7',
  }),
  port: portList,
  ...measureFilters,
  attribute: attributeList,
  q: searchText,
  contains: text({
    description:
      'A piece of text that must stand, in capitals or not, in one of the fields that `q` looks at. It may be part of a ' +
      'word; `q` costs less.',
    example: 'time-out',
  }),
}

const schema = z.object(logFilters)

/** Filters on logs as they were given; one that is absent does not filter. */
export type LogFilters = z.output<typeof schema>

/** @throws {BadParameters} where a measure must be at least more than it may be at the most. */
export function checkBounds(filters: LogFilters): void {
  const errors = measureFilterColumns
    .filter((column) => (filters[`min_${column}`] ?? 0) > (filters[`max_${column}`] ?? Infinity))
    .map((column) => ({ parameter: `min_${column}`, message: `must not lie above max_${column}` }))
  if (errors.length > 0) throw new BadParameters(errors)
}
