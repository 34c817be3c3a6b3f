import type { LogColumn } from './log-columns.js'

/** Filters on text, beside the ones that logs and statistics share, and the column that each looks at. */
export const textFilterColumns = {
  host: 'host',
  message: 'message',
  request: 'request_id',
  session: 'session_id',
  correlation: 'correlation_id',
  url: 'url',
  referrer: 'referrer_domain',
  referrer_url: 'referrer_url',
  ip_network: 'ip_network',
  user_agent: 'user_agent',
  browser: 'browser',
  os: 'os',
  device: 'device',
  product: 'product_id',
  checkout_status: 'checkout_status',
  auth_method: 'auth_method',
  auth_level: 'auth_level',
  server: 'server_ip',
  protocol: 'protocol',
  status_text: 'status_text',
  detail: 'detail',
} as const satisfies Record<string, LogColumn>

/** Name of a filter on text. */
export type TextFilter = keyof typeof textFilterColumns

/** Filters on people, and the column that each looks at: it holds pseudonyms, or clear values where the stack keeps them. */
export const personFilterColumns = { user: 'user_id', ip: 'ip_address' } as const satisfies Record<
  string,
  LogColumn
>

/** Columns that `min_…` and `max_…` look at. A log in which the measure is absent passes neither. */
export const measureFilterColumns = [
  'response_time',
  'db_query_time',
  'server_processing_time',
  'network_latency',
  'cart_size',
] as const satisfies LogColumn[]

/** Name of a filter on a measure. */
export type MeasureBound = `${'min' | 'max'}_${(typeof measureFilterColumns)[number]}`

/** Columns whose text a search looks at, beside the values of the attributes. */
export const searchedColumns = [
  'message',
  'detail',
  'url',
  'status_text',
  'action',
] as const satisfies LogColumn[]
