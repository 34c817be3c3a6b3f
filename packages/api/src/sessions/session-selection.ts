import { z } from '@hono/zod-openapi'
import { maskedInSql } from '../access/mask-people.js'
import type { Sight } from '../access/sight.js'
import { sessionValues, type SessionValue } from './session-rows.js'

const time = z.string().openapi({ example: '2026-03-01T12:00:00.123456Z' })
const name = (description: string) => z.string().nullable().openapi({ description })

/** A session as the API shows it. */
export const sessionSchema = z
  .object({
    id: z.string().nullable().openapi({
      description:
        '`session_id` of its events; null where the stack keeps clear values, for keys without the role `personal`.',
      example: 'session_066a5af69693',
    }),
    user_id: name('Its user, a pseudonym; null until it logs in, and for keys without the role `personal`.'),
    started: time.openapi({ description: 'Its first event, UTC.' }),
    ended: time.openapi({ description: 'Its last event so far, UTC.' }),
    duration_seconds: z.number().openapi({ description: 'From its first event to its last, seconds.' }),
    events: z.int(),
    pages: z.int().openapi({ description: 'Events of the action view_page.' }),
    errors: z.int().openapi({ description: 'Events of level ERROR.' }),
    entry: name('Endpoint of its first page; null where it saw none.'),
    exit: name('Endpoint of its last page; null where it saw none.'),
    referrer: name('Domain that its first event came from; null for a direct entry.'),
    device: name('desktop, mobile, tablet, tv, bot.'),
    browser: name('The browser.'),
    os: name('The operating system.'),
    converted: z.boolean().openapi({ description: 'Whether a checkout was completed.' }),
  })
  .openapi('Session')

/** A session as the API shows it. */
export type Session = z.infer<typeof sessionSchema>

const texts: ReadonlySet<SessionValue> = new Set(['entry', 'exit', 'referrer', 'device', 'browser', 'os'])

const idFor: Record<Sight, string> = {
  all: 's.session_id',
  masked: maskedInSql('s.session_id', 'masked'),
  bare: "CAST(NULL, 'Nullable(String)')",
}

function presented(column: SessionValue, sight: Sight): string {
  const value = sessionValues[column]
  if (texts.has(column)) return `nullIf(${maskedInSql(value, sight)}, '')`
  return column === 'converted' ? `toBool(${value})` : value
}

/**
 * A session as the API shows it to whoever sees so much of people, from its rows of `sessions AS s`. Where clear values
 * are kept, applications may have put anybody into its id.
 */
export function sessionSelection(sight: Sight): string {
  const columns = Object.keys(sessionValues).filter((column) => column !== 'user_id') as SessionValue[]
  return [
    `${idFor[sight]} AS id`,
    `${sight === 'all' ? "nullIf(max(s.user_id), '')" : "CAST(NULL, 'Nullable(String)')"} AS user_id`,
    ...columns.map((column) => `${presented(column, sight)} AS ${column}`),
  ].join(',\n  ')
}
