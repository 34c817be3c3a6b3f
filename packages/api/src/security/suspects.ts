import { z } from '@hono/zod-openapi'
import type { ExportShape } from '../export/respond-with-export.js'
import type { NamedQuery } from '../query/named-query.js'
import { guessedPasswords, withinRange } from './guessed-passwords.js'

/** What suspects are told apart by, the column that it stands in, and the ones that are shown. */
const subjects = {
  address: { key: 's.ip_address', user: 'NULL', address: 's.ip_address', network: 'any(s.ip_network)' },
  network: { key: 's.ip_network', user: 'NULL', address: 'NULL', network: 's.ip_network' },
  user: { key: 's.user_id', user: 's.user_id', address: 'NULL', network: 'NULL' },
} as const

const parameters = z.strictObject({
  from_seconds: z.int(),
  to_seconds: z.int(),
  by: z.enum(['address', 'network', 'user']),
  min_failed: z.int(),
  min_spread: z.int(),
  min_paths: z.int(),
  limit: z.int(),
})

const amount = (description: string) => z.int().openapi({ description })
const minute = z.string().openapi({ example: '2026-03-01T12:00:00Z' })

/** An address, a network or a user that behaves like an attacker, as the API shows it. */
export const suspectSchema = z
  .object({
    address: z.string().nullable().openapi({ description: 'The address, a pseudonym.' }),
    user: z.string().nullable().openapi({ description: 'The user, a pseudonym.' }),
    ip_network: z.string().nullable().openapi({ description: 'The network of the address.' }),
    logins_failed: amount('Logins with the status 401, 403 or 429.'),
    logins_succeeded: amount('Logins with a status from 200 to 399.'),
    then_succeeded: z.boolean().openapi({
      description:
        'Whether somebody logged in after at least `min_failed` failed logins of the same user in minutes before, with none ' +
        'that succeeded between them. What failed in the minute of a success may have failed after it, and does not count.',
    }),
    users_failed: amount('Different users whose login failed.'),
    addresses_failed: amount('Different addresses from which a login failed.'),
    refused: amount('Requests with the status 401 or 403, logins included.'),
    not_found: amount('Requests with the status 404.'),
    missing_paths: amount('Different paths of these; an estimate above some ten thousand.'),
    first_seen: minute.openapi({ description: 'Minute of the first of these events.' }),
    last_seen: minute.openapi({ description: 'Minute of the last of them.' }),
    reasons: z.array(z.string()).openapi({
      description: 'Why this is a suspect, in words.',
      example: ['214 failed logins: somebody may be guessing passwords'],
    }),
  })
  .openapi('Suspect')

const count = (name: string): string => `sum(s.${name})`
const presented = (value: string): string =>
  value === 'NULL' ? "CAST(NULL, 'Nullable(String)')" : `toNullable(${value})`

/** Reasons in words, from what was counted. The words are ours; only numbers are put into them. */
function reasonsFor(by: 'address' | 'network' | 'user'): string {
  const spread = by === 'user' ? 'addresses_failed' : 'users_failed'
  const spreadWords =
    by === 'user'
      ? 'different addresses failed to log in as this user'
      : 'different users were tried: password spraying'
  return `arrayFilter(reason -> reason != '', [
    if(logins_failed >= {min_failed:UInt32}, concat(toString(logins_failed), ' failed logins: somebody may be guessing passwords'), ''),
    if(${spread} >= {min_spread:UInt32}, concat(toString(${spread}), ' ${spreadWords}'), ''),
    if(then_succeeded, 'then a login of the same user succeeded: a password may have been found', ''),
    if(missing_paths >= {min_paths:UInt32}, concat(toString(missing_paths), ' different paths that do not exist: looks like a scanner'), '')
  ])`
}

/**
 * Who behaves like an attacker: those with the most reasons first, then those with the most failed logins and the most
 * missing paths.
 */
export const suspects: NamedQuery<z.infer<typeof parameters>, z.infer<typeof suspectSchema>> & {
  sql: (given: z.infer<typeof parameters>, shape?: ExportShape) => string
} = {
  name: 'suspects',
  parameters,
  row: suspectSchema,
  sql: ({ by }, shape?: ExportShape) => {
    const { key, user, address, network } = subjects[by]
    return `SELECT * EXCEPT (words), ${shape?.nested === 'as_json' ? 'toJSONString(words)' : 'words'} AS reasons
FROM (
  SELECT
    ${presented(address)} AS address,
    ${presented(user)} AS user,
    nullIf(${presented(network)}, '') AS ip_network,
    ${count('logins_failed')} AS logins_failed,
    ${count('logins_succeeded')} AS logins_succeeded,
    toBool(${key} IN (${guessedPasswords(key)})) AS then_succeeded,
    uniqExactIf(s.user_id, s.logins_failed > 0 AND s.user_id != '') AS users_failed,
    uniqExactIf(s.ip_address, s.logins_failed > 0 AND s.ip_address != '') AS addresses_failed,
    ${count('refused')} AS refused,
    ${count('not_found')} AS not_found,
    uniqMerge(s.missing_paths) AS missing_paths,
    min(s.minute) AS first_seen,
    max(s.minute) AS last_seen,
    ${reasonsFor(by)} AS words
  FROM security_by_minute AS s
  WHERE ${withinRange}
    AND ${key} != ''
  GROUP BY ${key}
  HAVING notEmpty(words)
)
ORDER BY length(words) DESC, logins_failed DESC, missing_paths DESC, address, user, ip_network
LIMIT {limit:UInt32}`
  },
}
