import type { LogColumn } from '../logs/log-columns.js'

/** How a column says "absent": text by '', a code by 0. */
type DimensionKind = 'text' | 'code'

interface Dimension {
  /** Column of `logs`, and of each rollup that has it. */
  column: LogColumn | 'level'
  kind: DimensionKind
  /** What the document says of it. */
  description: string
}

/** What statistics can be split by. A filter of the same name looks at the same column. */
export const dimensions = {
  service: { column: 'service', kind: 'text', description: 'The service' },
  endpoint: { column: 'endpoint', kind: 'text', description: 'The endpoint' },
  method: { column: 'http_method', kind: 'text', description: 'The HTTP method' },
  status: { column: 'status_code', kind: 'code', description: 'The HTTP status' },
  action: { column: 'action', kind: 'text', description: 'The action' },
  server: { column: 'server_ip', kind: 'text', description: 'Address of the server that answered' },
  protocol: { column: 'protocol', kind: 'text', description: 'HTTP or HTTPS' },
  device: { column: 'device', kind: 'text', description: 'Kind of device' },
  browser: { column: 'browser', kind: 'text', description: 'The browser' },
  os: { column: 'os', kind: 'text', description: 'The operating system' },
  referrer: { column: 'referrer_domain', kind: 'text', description: 'Domain of the referring page' },
  level: { column: 'level', kind: 'text', description: 'The level' },
  host: { column: 'host', kind: 'text', description: 'The host' },
  ip_network: { column: 'ip_network', kind: 'text', description: 'Network of the client' },
  user_agent: { column: 'user_agent', kind: 'text', description: 'The client’s user agent' },
  product: { column: 'product_id', kind: 'text', description: 'The product' },
  checkout_status: { column: 'checkout_status', kind: 'text', description: 'How the checkout stands' },
  auth_method: { column: 'auth_method', kind: 'text', description: 'How the user logged in' },
  auth_level: { column: 'auth_level', kind: 'text', description: 'What the user may' },
  user: { column: 'user_id', kind: 'text', description: 'The user, a pseudonym' },
  ip: { column: 'ip_address', kind: 'text', description: 'The client’s address, a pseudonym' },
} as const satisfies Record<string, Dimension>

/** Name of something that statistics can be split by. */
export type DimensionName = keyof typeof dimensions

/** What statistics can be split by. */
export const dimensionNames = Object.keys(dimensions) as [DimensionName, ...DimensionName[]]
