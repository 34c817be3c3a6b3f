/** How a column of `logs` says "absent": text by '', codes by 0, measures by NULL. */
type ColumnKind = 'text' | 'code' | 'measure'

/**
 * Columns of `logs` that the API shows under their own names, in the order of the catalog; the timestamp, the level,
 * the attributes and the position are shown beside them.
 */
export const logColumns = {
  service: 'text',
  host: 'text',
  message: 'text',
  request_id: 'text',
  session_id: 'text',
  user_id: 'text',
  action: 'text',
  http_method: 'text',
  url: 'text',
  endpoint: 'text',
  referrer_url: 'text',
  referrer_domain: 'text',
  ip_address: 'text',
  ip_network: 'text',
  user_agent: 'text',
  browser: 'text',
  os: 'text',
  device: 'text',
  response_time: 'measure',
  db_query_time: 'measure',
  server_processing_time: 'measure',
  network_latency: 'measure',
  product_id: 'text',
  cart_size: 'measure',
  checkout_status: 'text',
  auth_method: 'text',
  auth_level: 'text',
  correlation_id: 'text',
  server_ip: 'text',
  port: 'code',
  protocol: 'text',
  status_code: 'code',
  status_text: 'text',
  detail: 'text',
} as const satisfies Record<string, ColumnKind>

/** Name of such a column. */
export type LogColumn = keyof typeof logColumns

/** A value of such a column, null where it is absent. */
export type LogValue<Column extends LogColumn> =
  ((typeof logColumns)[Column] extends 'text' ? string : number) | null

/** Names of the columns. */
export const logColumnNames = Object.keys(logColumns) as LogColumn[]
