import { expect } from 'vitest'
import type { z } from '@hono/zod-openapi'
import { formatMicros } from '@pulsehouse/events'
import type { suspectSchema } from '../../src/security/suspects.js'
import { seededRandom, type Row } from './rows.js'

/** A suspect as the API shows it. */
export type Suspect = z.infer<typeof suspectSchema>

const random = seededRandom(21)
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
const minute = 60_000_000
const start = Date.UTC(2026, 1, 28, 22) * 1000
/** A range within that traffic, over midnight in UTC. */
export const attackRange = { from: '2026-02-28T22:30:00Z', to: '2026-03-01T03:00:00Z' }
const [fromMicros, toMicros] = [Date.parse(attackRange.from) * 1000, Date.parse(attackRange.to) * 1000]

let position = 0
function event(at: number, more: Partial<Row>): Row {
  position += 1
  return {
    timestampMicros: at,
    level: 'INFO',
    attributes: {},
    streamCreatedSeconds: 1_770_000_000,
    streamSeq: Math.floor(position / 100),
    eventIndex: position % 100,
    ...more,
  }
}

/** Ordinary traffic: some logins, some refusals, some broken links; a part of it without address or user. */
function ordinary(): Row {
  const host = Math.floor(random() * 60)
  return event(start + Math.floor(random() * 360 * minute), {
    action: pick(['login', 'view_page', 'view_page']),
    status_code: pick([200, 204, 302, 401, 403, 404, 429, 500]),
    url: `/p/${Math.floor(random() * 40)}`,
    ...(random() < 0.9 ? { ip_address: `ip_${host}`, ip_network: `10.0.${host % 7}.0/24` } : {}),
    ...(random() < 0.8 ? { user_id: `user_${Math.floor(random() * 50)}` } : {}),
    ...(random() < 0.05 ? { auth_level: 'admin', action: 'submit_form', http_method: 'PUT' } : {}),
  })
}

const login = (at: number, ip: string, user: string, status: number): Row =>
  event(at, { action: 'login', status_code: status, ip_address: ip, ip_network: `${ip}/24`, user_id: user })

const attackAt = start + 120 * minute
/** Ordinary traffic of six hours, and four attacks. */
export const attackRows: Row[] = [
  ...Array.from({ length: 2_500 }, ordinary),
  // Guesses one password, and finds it at last; the failures lie on both sides of midnight.
  ...Array.from({ length: 40 }, (_, index) =>
    login(attackAt - 20 * minute + index * minute, 'guesser', 'ada', 401),
  ),
  login(attackAt + 25 * minute, 'guesser', 'ada', 200),
  // Tries many users, once each.
  ...Array.from({ length: 60 }, (_, index) =>
    login(attackAt + index * 1_000, 'sprayer', `victim_${index}`, 401),
  ),
  // Logged in before somebody failed: no find.
  login(attackAt - 30 * minute, 'early', 'eve', 200),
  ...Array.from({ length: 50 }, (_, index) => login(attackAt + index * 1_000, 'early', 'eve', 429)),
  // Somebody else logs in from the same place: no find.
  ...Array.from({ length: 45 }, (_, index) => login(attackAt + index * minute, 'shared', 'mallory', 401)),
  login(attackAt + 50 * minute, 'shared', 'bob', 200),
  // Mistypes a password now and then, and logs in each time: no find.
  ...Array.from({ length: 44 }, (_, index) => [
    login(attackAt + index * 2 * minute, 'forgetful', 'carol', 401),
    login(attackAt + (index * 2 + 1) * minute, 'forgetful', 'carol', 200),
  ]).flat(),
  // All in one minute, of which nobody knows the order: no find that could be told.
  ...Array.from({ length: 43 }, (_, index) => login(attackAt + index * 1_000, 'quick', 'dora', 401)),
  login(attackAt + 50_000, 'quick', 'dora', 200),
  // Looks for what is not there.
  ...Array.from({ length: 90 }, (_, index) =>
    event(attackAt + index * 1_000, {
      status_code: 404,
      url: `/.hidden/${index}`,
      ip_address: 'scanner',
      ip_network: 'scanner/24',
    }),
  ),
]
/** What of it lies in the range. */
export const attackRowsWithin = attackRows.filter(
  ({ timestampMicros: at }) => at >= fromMicros && at < toMicros,
)
/** Whether an event is a login. */
const isLogin = ({ action }: Row): boolean => action === 'login'
/** Whether an event is a login that failed. */
export const failed = (row: Row): boolean => isLogin(row) && [401, 403, 429].includes(row.status_code ?? 0)
/** Whether an event is a login that succeeded. */
export const succeeded = (row: Row): boolean =>
  isLogin(row) && (row.status_code ?? 0) >= 200 && (row.status_code ?? 0) < 400
/** How many different values there are. */
export const different = (values: (string | undefined)[]): number =>
  new Set(values.flatMap((value) => value ?? [])).size

const minuteOf = ({ timestampMicros: at }: Row): number => Math.floor(at / minute)

/** Whether one of a user's logins succeeded after so many in earlier minutes had failed since the success before. */
function isFound(rows: readonly Row[], least: number): boolean {
  const minutesOf = (members: readonly Row[]): number[] =>
    [...new Set(members.map(minuteOf))].toSorted((a, b) => a - b)
  const successes = minutesOf(rows.filter(succeeded))
  return successes.some((at, index) => {
    const before = successes[index - 1] ?? -Infinity
    return rows.filter((row) => failed(row) && minuteOf(row) < at && minuteOf(row) > before).length >= least
  })
}

/** Suspects as one reads them off the definition. */
export function expectedSuspects(
  by: 'address' | 'network' | 'user',
  least = { failed: 10, spread: 5, paths: 20 },
): Suspect[] {
  const column = { address: 'ip_address', network: 'ip_network', user: 'user_id' } as const
  const seen = attackRowsWithin.filter(
    (row) => isLogin(row) || [401, 403, 404].includes(row.status_code ?? 0) || row.auth_level === 'admin',
  )
  const iso = (at: number): string => formatMicros(at * minute).replace('.000000Z', 'Z')
  return [...new Set(seen.flatMap((row) => row[column[by]] ?? []))]
    .map((key) => {
      const members = seen.filter((row) => row[column[by]] === key)
      const bad = members.filter(failed)
      const good = members.filter(succeeded)
      const missing = members.filter(({ status_code: status }) => status === 404)
      const users = different(bad.map((row) => row.user_id))
      const addresses = different(bad.map((row) => row.ip_address))
      const spread = by === 'user' ? addresses : users
      const paths = different(missing.map((row) => row.url))
      const found = [...new Set(members.flatMap(({ user_id: user }) => user ?? []))].some((user) =>
        isFound(
          members.filter((row) => row.user_id === user),
          least.failed,
        ),
      )
      const reasons = [
        ...(bad.length >= least.failed ? [/^\d+ failed logins/] : []),
        ...(spread >= least.spread
          ? [by === 'user' ? /^\d+ different addresses/ : /^\d+ different users.*spraying/]
          : []),
        ...(found ? [/^then a login of the same user succeeded/] : []),
        ...(paths >= least.paths ? [/^\d+ different paths.*scanner/] : []),
      ]
      return {
        address: by === 'address' ? key : null,
        user: by === 'user' ? key : null,
        ip_network: by === 'user' ? null : (members[0]?.ip_network ?? null),
        logins_failed: bad.length,
        logins_succeeded: good.length,
        then_succeeded: found,
        users_failed: users,
        addresses_failed: addresses,
        refused: members.filter(({ status_code: status }) => status === 401 || status === 403).length,
        not_found: missing.length,
        missing_paths: paths,
        first_seen: iso(Math.min(...members.map(minuteOf))),
        last_seen: iso(Math.max(...members.map(minuteOf))),
        reasons: reasons.map((reason) => expect.stringMatching(reason) as string),
      }
    })
    .filter(({ reasons }) => reasons.length > 0)
    .toSorted(
      (a, b) =>
        b.reasons.length - a.reasons.length ||
        b.logins_failed - a.logins_failed ||
        b.missing_paths - a.missing_paths ||
        ((a.address ?? a.user ?? a.ip_network ?? '') < (b.address ?? b.user ?? b.ip_network ?? '') ? -1 : 1),
    )
}
