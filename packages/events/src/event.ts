import { z } from 'zod'

/** How a personal or secret field is protected before anything is written to disk. */
export type Protection = 'dropped' | 'pseudonym'

/** What the catalog says of a field beside its type. */
export interface FieldMeta {
  description: string
  /** Unit of the number, as the field's readers see it. */
  unit?: string
  /** Where the field stands in the pipe format. */
  pipe?: string
  protection?: Protection
}

declare module 'zod' {
  // zod's own registry carries these beside the description.
  interface GlobalMeta {
    unit?: string
    pipe?: string
    protection?: Protection
  }
}

/** Events of these levels exist; every logger's own names are folded to them. */
export const levels = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const

/** Severity of an event. */
export type Level = (typeof levels)[number]

const text = (meta: FieldMeta) =>
  z
    .string()
    .min(1)
    .optional()
    .meta({ ...meta })
const latency = (meta: FieldMeta) =>
  z
    .number()
    .nonnegative()
    .max(86_400_000)
    .optional()
    .meta({ unit: 'ms', ...meta })

/**
 * One log event as the pipeline understands it, before redaction. Every field but `timestamp` and `level` may be
 * absent; absent is not zero and not the empty string.
 */
export const logEventSchema = z.strictObject({
  timestamp: z.int().meta({
    description: 'When it happened. Microseconds since 1970 within the pipeline; ISO 8601 in UTC in JSON.',
    unit: 'µs',
    pipe: '1st, ISO 8601',
  }),
  level: z.enum(levels).meta({
    description: 'Severity; loggers’ own names and numbers are folded to these four.',
    pipe: '2nd',
  }),
  service: text({ description: 'The service that wrote the event.' }),
  host: text({ description: 'The machine that wrote the event.' }),
  message: text({ description: 'What a logger wrote, for events that are no requests.' }),
  request_id: text({ description: 'The request.', pipe: '3rd' }),
  session_id: text({ description: 'The user’s session.', pipe: '4th' }),
  user_id: text({ description: 'The user.', pipe: '5th', protection: 'pseudonym' }),
  action: text({
    description:
      'What the user did: login, logout, view_page, click_button, submit_form; anything else is unusual.',
    pipe: '6th',
  }),
  http_method: text({ description: 'GET, POST, PUT …', pipe: '7th' }),
  url: text({ description: 'Path or address, without credentials in its query.', pipe: '8th' }),
  referrer_url: text({ description: 'Referring page; absent for a direct entry.', pipe: '`Referrer: `' }),
  ip_address: text({
    description: 'The client’s address, IPv4 or IPv6 (or its name, where a web server resolves names).',
    pipe: '`IP: `',
    protection: 'pseudonym',
  }),
  user_agent: text({ description: 'The client’s program, as it names itself.', pipe: '`Agent: `' }),
  response_time: latency({
    description: 'Total time to answer.',
    pipe: '`Response Time: `, in seconds (`0.61s`)',
  }),
  db_query_time: latency({ description: 'Part of the response time spent in the database.' }),
  server_processing_time: latency({ description: 'Part of the response time spent in the server.' }),
  network_latency: latency({ description: 'Part of the response time spent on the network.' }),
  product_id: text({ description: 'The product that the request is about.', pipe: '`Product ID: `' }),
  cart_size: z
    .int()
    .nonnegative()
    .max(4_294_967_295)
    .optional()
    .meta({ description: 'Items in the cart.', unit: 'items', pipe: '`Cart Size: `' }),
  checkout_status: text({ description: 'pending, completed or failed.', pipe: '`Checkout Status: `' }),
  token: text({ description: 'A live credential.', pipe: '`Token: `', protection: 'dropped' }),
  auth_method: text({ description: 'OAuth, JWT or Basic.', pipe: '`Auth Method: `' }),
  auth_level: text({ description: 'user or admin.', pipe: '`Auth Level: `' }),
  correlation_id: text({
    description: 'Ties the events of one operation together.',
    pipe: '`Correlation ID: `',
  }),
  server_ip: text({ description: 'The server that answered.', pipe: '`Server IP: `' }),
  port: z.int().min(1).max(65_535).optional().meta({ description: 'Its port.', pipe: '`Port: `' }),
  protocol: text({ description: 'HTTP or HTTPS.', pipe: '`Protocol: `' }),
  status_code: z
    .int()
    .min(100)
    .max(599)
    .optional()
    .meta({ description: 'HTTP status.', pipe: '23rd, its number' }),
  status_text: text({ description: 'The status in words.', pipe: '23rd, its words' }),
  detail: text({ description: 'Sentence about the outcome.', pipe: '`Detail: `' }),
  attributes: z.record(z.string(), z.string()).meta({
    description: 'Everything else that the event carried: dotted paths and their values as text.',
  }),
})

/** One log event; see the schema for what its fields mean and their units. */
export type LogEvent = z.infer<typeof logEventSchema>

/** Names of the event's fields, in the catalog's order. */
export const fieldNames = logEventSchema.keyof().options
