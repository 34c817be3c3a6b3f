import { z } from '@hono/zod-openapi'
import type { GroupName, MeasureName } from './queries/minute-stats.js'

const latency = (description: string) =>
  z
    .number()
    .nullable()
    .optional()
    .openapi({ description: `${description}, milliseconds; null where it was not measured.` })
const amount = (description: string) => z.int().optional().openapi({ description })
const group = (description: string) =>
  z
    .string()
    .nullable()
    .optional()
    .openapi({ description: `${description}, where it was grouped by.` })

/** A row of the statistics: its time, the groups and measures that were asked for. */
export const statsRowSchema = z
  .object({
    time: z.string().openapi({ description: 'Start of the step, UTC.', example: '2026-03-01T12:00:00Z' }),
    running: z.boolean().openapi({ description: 'Whether the time of the row is not over yet.' }),
    service: group('The service'),
    endpoint: group('The endpoint'),
    method: group('The HTTP method'),
    status: z
      .int()
      .nullable()
      .optional()
      .openapi({ description: 'The HTTP status, where it was grouped by.' }),
    action: group('The action'),
    events: amount('Events.'),
    errors: amount('Events of level ERROR.'),
    error_ratio: z.number().optional().openapi({ description: 'Errors by events, 0 to 1.' }),
    response_time_mean: latency('Mean of the response time'),
    response_time_p50: latency('Median of the response time'),
    response_time_p90: latency('90th percentile of the response time'),
    response_time_p95: latency('95th percentile of the response time'),
    response_time_p99: latency('99th percentile of the response time'),
    response_time_max: latency('Longest response time'),
    db_query_time_mean: latency('Mean of the time in the database'),
    server_processing_time_mean: latency('Mean of the time in the server'),
    network_latency_mean: latency('Mean of the time on the network'),
    users: amount('Different users.'),
    sessions: amount('Different sessions.'),
  } satisfies Record<'time' | 'running' | GroupName | MeasureName, z.ZodType>)
  .openapi('StatsRow')
