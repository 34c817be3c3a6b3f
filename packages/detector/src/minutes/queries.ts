/**
 * What is asked about a range of minutes. Series come from the rollups. Addresses and sessions come from the events
 * themselves: a rollup with an address in its key has about as many rows as there are events.
 */
const ofMinutes = 'minute >= toDateTime({from:UInt32}) AND minute < toDateTime({to:UInt32})'
/** Events of a range of time; the hour comes first, because the table is sorted by it. */
export const ofLogs =
  'toStartOfHour(timestamp) >= toStartOfHour(toDateTime({from:UInt32})) AND timestamp >= toDateTime({from:UInt32}) AND timestamp < toDateTime({to:UInt32})'
const seconds = 'toUnixTimestamp(minute) AS seconds'
const percentiles = `
  sum(t.response_time_count) AS timed,
  quantilesBFloat16Merge(0.5, 0.9, 0.95, 0.99)(t.response_time_quantiles) AS percentiles`

/**
 * Response times of endpoints. Only of requests that succeeded: what is refused is answered at another pace, and an attack
 * would look as if its endpoint had become slower.
 */
export const endpointsQuery = `
  SELECT ${seconds}, service, endpoint, sum(t.events) AS amount, ${percentiles}
  FROM stats_by_minute AS t WHERE ${ofMinutes} AND status_code < 400 GROUP BY minute, service, endpoint`

/** Response times of services. */
export const servicesQuery = `
  SELECT ${seconds}, service, sum(t.events) AS amount, ${percentiles}
  FROM services_by_minute AS t WHERE ${ofMinutes} GROUP BY minute, service`

/** Response times of the whole. */
export const wholeQuery = `
  SELECT ${seconds}, sum(t.events) AS amount, ${percentiles}
  FROM totals_by_minute AS t WHERE ${ofMinutes} GROUP BY minute`

/** Events that failed with a server error. */
export const serverErrorsQuery = `
  SELECT ${seconds}, service, sum(t.events) AS amount
  FROM stats_by_minute AS t WHERE ${ofMinutes} AND status_code >= 500 GROUP BY minute, service`

/** Orders that were completed or failed. */
export const ordersQuery = `
  SELECT ${seconds}, sumIf(t.events, checkout_status = 'failed') AS failed, sumIf(t.events, checkout_status = 'completed') AS completed
  FROM carts_by_minute AS t WHERE ${ofMinutes} AND checkout_status IN ('failed', 'completed') GROUP BY minute`

/** Size from which a cart is outlying: five robust standard deviations of the logarithm above the median of the last days. */
export const cartLimitQuery = `
  SELECT quantilesBFloat16Merge(0.5, 0.9, 0.95, 0.99)(cart_size_quantiles) AS sizes, sum(cart_size_count) AS carts
  FROM carts_by_minute WHERE ${ofMinutes}`

/** Sessions with an outlying cart. */
export const outlyingCartsQuery = `
  SELECT toUnixTimestamp(toStartOfMinute(timestamp)) AS seconds, uniqExact(session_id) AS amount
  FROM logs WHERE ${ofLogs} AND cart_size >= {limit:UInt32} GROUP BY seconds`

/** Logins of each user from each address. */
export const loginsQuery = `
  SELECT ${seconds}, ip_address AS address, any(ip_network) AS network, user_id AS user,
    sum(logins_succeeded) AS succeeded, sum(logins_failed) AS failed
  FROM security_by_minute WHERE ${ofMinutes} GROUP BY minute, address, user HAVING succeeded + failed > 0`

/** What administrators did, and from where. */
export const adminsQuery = `
  SELECT ${seconds}, user_id AS user, ip_network AS network, sum(admin_actions) AS actions
  FROM security_by_minute WHERE ${ofMinutes} GROUP BY minute, user, network HAVING actions > 0`

/** Addresses that ask for more than people do, or are refused more often. */
export const busyQuery = `
  SELECT toUnixTimestamp(toStartOfMinute(timestamp)) AS seconds, ip_address AS address, any(ip_network) AS network,
    topK(1)(service)[1] AS mostly, count() AS amount, countIf(status_code IN (403, 404)) AS refused,
    groupUniqArray(500)(toUInt32(cityHash64(cutQueryString(url)))) AS paths,
    groupUniqArrayIf(500)(toUInt32(cityHash64(cutQueryString(url))), status_code IN (403, 404)) AS refused_paths
  FROM logs WHERE ${ofLogs} GROUP BY seconds, address HAVING amount >= {busy:UInt32} OR refused >= 3`

/** Where sessions with several agents or networks were. */
export const dividedQuery = `
  SELECT toUnixTimestamp(toStartOfMinute(timestamp)) AS seconds, session_id AS session, any(user_id) AS user,
    groupUniqArray(20)(user_agent) AS agents, groupUniqArray(20)(ip_network) AS networks
  FROM logs WHERE ${ofLogs} AND session_id IN (
    SELECT session_id FROM logs WHERE ${ofLogs} AND session_id != ''
    GROUP BY session_id HAVING uniqExact(user_agent) > 1 OR uniqExact(ip_network) > 1)
  GROUP BY seconds, session`

/** The first minute of which anything is known; 1970 where nothing is. */
export const firstMinuteQuery = 'SELECT toUnixTimestamp(min(minute)) AS seconds FROM totals_by_minute'
