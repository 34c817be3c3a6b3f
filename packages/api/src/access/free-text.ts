import type { LogColumn } from '../logs/log-columns.js'
import type { DimensionName } from '../stats/dimensions.js'
import type { Sight } from './sight.js'

/** What people are known by: only a key with the role `personal` sees it. */
const personalColumns = ['user_id', 'ip_address'] as const satisfies LogColumn[]

/** Columns that hold whatever an application writes: where clear values are kept, anybody may be in them. */
const freeColumns = [
  'message',
  'detail',
  'url',
  'referrer_url',
  'request_id',
  'session_id',
  'correlation_id',
  'user_agent',
] as const satisfies LogColumn[]

const hidden: Record<Sight, ReadonlySet<LogColumn>> = {
  all: new Set(),
  masked: new Set(personalColumns),
  bare: new Set([...personalColumns, ...freeColumns]),
}

/** Whether a column is null for whoever sees so much. */
export function isHidden(column: LogColumn, sight: Sight): boolean {
  return hidden[sight].has(column)
}

/** Parameters that look into such columns, or into the attributes. */
export const freeTextParameters: ReadonlySet<string> = new Set([
  'q',
  'contains',
  'attribute',
  'message',
  'detail',
  'url',
  'referrer_url',
  'request',
  'session',
  'correlation',
  'user_agent',
])

/** What statistics can't be split by, by how much is seen. */
export const hiddenDimensions: Record<Sight, ReadonlySet<DimensionName>> = {
  all: new Set(),
  masked: new Set(['user', 'ip']),
  bare: new Set(['user', 'ip', 'user_agent']),
}
