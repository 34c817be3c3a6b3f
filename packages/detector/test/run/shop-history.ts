import type { Clickhouse } from '@pulsehouse/platform'

/** It arrives today, so that it is kept however old it is. Two services, a request a second each, with two slow seconds a minute and no errors: what everything is compared with. */
const usualEvents = `
  SELECT today() AS received_day, {at:DateTime} - number AS timestamp, ['web', 'checkout'][number % 2 + 1] AS service,
    concat('/', service) AS endpoint, endpoint AS url, 'GET' AS http_method, 200 AS status_code, 'INFO' AS level,
    toFloat32(40 + cityHash64(number) % 20) AS response_time, concat('session', toString(intDiv(number, 97))) AS session_id,
    concat('req_', toString(number)) AS request_id, '10.0.0.1' AS server_ip
  FROM numbers({seconds:UInt32})`

/**
 * Stores traffic that ends at a time: the usual for days, and within the last stretch the given changes.
 *
 * @param changed SQL of columns that differ, where `minute` is the number of the minute within that stretch.
 */
export async function storeHistory(
  clickhouse: Clickhouse,
  {
    endSeconds,
    days,
    minutes,
    changed,
  }: { endSeconds: number; days: number; minutes: number; changed: string },
): Promise<void> {
  const insert = async (at: number, seconds: number, columns: string): Promise<void> => {
    const sql = usualEvents
      .replaceAll('{at:DateTime}', `toDateTime(${at}, 'UTC')`)
      .replaceAll('{seconds:UInt32}', String(seconds))
    const names =
      'received_day, timestamp, service, endpoint, url, http_method, status_code, level, response_time, session_id, request_id, server_ip'
    await clickhouse.command(
      `INSERT INTO logs (${names}) SELECT ${names} FROM (SELECT ${columns} FROM (${sql}))`,
    )
  }
  const changeSeconds = minutes * 60
  await insert(endSeconds - changeSeconds - 1, days * 86_400, '*')
  const from = `toDateTime(${endSeconds - changeSeconds}, 'UTC')`
  await insert(
    endSeconds - 1,
    changeSeconds,
    changed.replaceAll('minute', `intDiv(toUInt32(timestamp - ${from}), 60)`),
  )
}
