/** Minutes of `security_by_minute AS s` that lie in the range of a question. */
export const withinRange = `s.minute >= toDateTime({from_seconds:UInt32}, 'UTC')
    AND s.minute < toDateTime({to_seconds:UInt32}, 'UTC')`

/**
 * The addresses, networks or users of which a password may have been found: at least `min_failed` logins of one user
 * failed, none succeeded between them, and in a later minute one of the same user succeeded. Within a minute the order is not
 * known, so what failed in the minute of a success counts neither before nor after it. Who mistypes a password and then
 * logs in begins anew each time.
 *
 * @param key the column that says what a suspect is: of ours, no text of a user.
 */
export function guessedPasswords(key: string): string {
  return `
    SELECT r.subject
    FROM (
      SELECT
        m.subject, m.person, m.failed, m.succeeded,
        sum(m.succeeded > 0) OVER (
          PARTITION BY m.subject, m.person ORDER BY m.at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS run
      FROM (
        SELECT
          ${key} AS subject,
          s.user_id AS person,
          s.minute AS at,
          sum(s.logins_failed) AS failed,
          sum(s.logins_succeeded) AS succeeded
        FROM security_by_minute AS s
        WHERE ${withinRange}
          AND (${key}, s.user_id) IN (${oftenFailed(key)})
        GROUP BY subject, person, at
      ) AS m
    ) AS r
    GROUP BY r.subject, r.person, r.run
    HAVING sumIf(r.failed, r.succeeded = 0) >= {min_failed:UInt32} AND max(r.succeeded) > 0
  `
}

/** They are few, so that only their minutes have to be put in order. */
function oftenFailed(key: string): string {
  return `
          SELECT ${key}, s.user_id
          FROM security_by_minute AS s
          WHERE ${withinRange} AND s.user_id != '' AND (s.logins_failed > 0 OR s.logins_succeeded > 0)
          GROUP BY ${key}, s.user_id
          HAVING sum(s.logins_failed) >= {min_failed:UInt32} AND sum(s.logins_succeeded) > 0
        `
}
