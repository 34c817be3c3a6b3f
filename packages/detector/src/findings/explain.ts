import type { Clickhouse, FindingKind } from '@pulsehouse/platform'
import { ofLogs } from '../minutes/queries.js'
import type { Cause, Finding } from './finding.js'

/** What is bad about an event, for a kind of finding. Constants only: nothing of a finding becomes part of the SQL. */
interface Question {
  /** Events that are part of it. */
  bad: string
  /** What is added up over them: 1 for each, or its response time. */
  amount: string
  /** Where to look for examples first. */
  order: string
  /** Dimensions that would only say again what the finding is. */
  plain: readonly Cause['dimension'][]
}

const failedLogin = "action = 'login' AND status_code IN (401, 403, 429)"
const slow: Question = {
  bad: 'response_time IS NOT NULL',
  amount: 'response_time',
  order: 'response_time DESC',
  plain: [],
}
const counted = (bad: string, plain: readonly Cause['dimension'][] = [], order = 'timestamp'): Question => ({
  bad,
  amount: '1',
  order,
  plain,
})
const ofTraffic = counted('true', ['status_code', 'detail'])
const ofLogins = counted(failedLogin, ['service', 'endpoint', 'status_code', 'detail'])

const questions: Record<FindingKind, Question> = {
  latency_regression: slow,
  slow_degradation: slow,
  error_burst: counted('status_code >= 500'),
  traffic_drop: ofTraffic,
  traffic_surge: ofTraffic,
  checkout_failures: counted("checkout_status = 'failed'"),
  login_failures: ofLogins,
  credential_stuffing: ofLogins,
  password_spraying: ofLogins,
  brute_force: counted("action = 'login'", ['service', 'endpoint', 'detail']),
  scraping: counted('true'),
  scanner: counted('status_code IN (403, 404)'),
  session_reuse: counted('true'),
  outlying_carts: counted('cart_size >= 100', [], 'cart_size DESC'),
  unusual_admin_action: counted("auth_level = 'admin'"),
  no_events: ofTraffic,
}

/** So much of the time before is compared with. */
const beforeSeconds = 3_600
/** So much of a long finding is looked at, from its end. */
const spanSecondsMax = 1_800
const causesMax = 8
const examplesMax = 5
/** Less than this share of the change explains nothing. */
const shareLeast = 0.05
/** An explanation that takes longer is done without, seconds. */
const limits = { timeSeconds: 10, memoryBytes: 1024 ** 3, resultRows: 1_000 }

const ofSubject = `({service:String} = '' OR service = {service:String}) AND ({endpoint:String} = '' OR endpoint = {endpoint:String})
    AND ({address:String} = '' OR ip_address = {address:String}) AND ({network:String} = '' OR ip_network = {network:String})
    AND ({user:String} = '' OR user_id = {user:String}) AND ({session:String} = '' OR session_id = {session:String})`

/** Each event once for each dimension; `since` tells the finding's time from the hour before it. */
function causesSql({ bad, amount }: Question): string {
  return `
    SELECT pair.1 AS dimension, pair.2 AS value, sumIf(amount, now AND bad) AS observed, sumIf(amount, NOT now AND bad) AS before,
      countIf(now AND bad) AS events, countIf(NOT now AND bad) AS events_before, count() AS all_events
    FROM (
      SELECT timestamp >= toDateTime({since:UInt32}) AS now, ${bad} AS bad, toFloat64(ifNull(${amount}, 0)) AS amount,
        [('service', toString(service)), ('endpoint', toString(endpoint)), ('status_code', toString(status_code)), ('server', toString(server_ip)),
         ('detail', if(${bad}, detail, '')), ('ip_network', toString(ip_network)), ('browser', toString(browser))] AS pairs
      FROM logs WHERE ${ofLogs} AND ${ofSubject})
    ARRAY JOIN pairs AS pair
    WHERE pair.2 NOT IN ('', '0')
    GROUP BY dimension, value ORDER BY abs(observed - before) DESC LIMIT 300`
}

const partsSql = `
  SELECT 'part' AS dimension, pair.1 AS value, sumIf(pair.2, now) AS observed, sumIf(pair.2, NOT now) AS before,
    countIf(now) AS events, countIf(NOT now) AS events_before, 0 AS all_events
  FROM (
    SELECT timestamp >= toDateTime({since:UInt32}) AS now,
      [('database', ifNull(db_query_time, 0)), ('server', ifNull(server_processing_time, 0)), ('network', ifNull(network_latency, 0))] AS pairs
    FROM logs WHERE ${ofLogs} AND ${ofSubject})
  ARRAY JOIN pairs AS pair GROUP BY value`

function examplesSql({ bad, order }: Question): string {
  return `SELECT request_id AS id FROM logs WHERE ${ofLogs} AND ${ofSubject} AND ${bad} AND request_id != '' ORDER BY ${order} LIMIT ${examplesMax}`
}

interface Row {
  dimension: Cause['dimension']
  value: string
  observed: number
  before: number
  events: number
  events_before: number
  /** Of the same subject, bad or not, in the finding's time and before. */
  all_events: number
}

/**
 * Looks for what explains most of a change: for each dimension, by how much each of its values differs from the hour before.
 *
 * @throws when ClickHouse does not answer in time.
 */
export async function explain(clickhouse: Clickhouse, finding: Finding): Promise<Finding> {
  const question = questions[finding.kind]
  const to = finding.judgedSeconds + 60
  const since = Math.max(finding.startedSeconds, to - spanSecondsMax)
  const { entity } = finding
  const parameters = {
    from: since - beforeSeconds,
    since,
    to,
    // Whoever did it did it wherever they were.
    service: entity === undefined ? finding.service : '',
    endpoint: finding.endpoint,
    address: entity?.type === 'ip_address' ? entity.value : '',
    network: entity?.type === 'ip_network' ? entity.value : '',
    user: entity?.type === 'user' ? entity.value : '',
    session: entity?.type === 'session' ? entity.value : '',
  }
  const [rows, parts, examples] = await Promise.all([
    clickhouse.query<Row>(causesSql(question), parameters, { limits }),
    question === slow ? clickhouse.query<Row>(partsSql, parameters, { limits }) : [],
    clickhouse.query<{ id: string }>(examplesSql(question), { ...parameters, from: since }, { limits }),
  ])
  const how = {
    scale: (to - since) / beforeSeconds,
    perEvent: question === slow,
    telling: entity === undefined,
  }
  const plain = new Set<string>(finding.service === '' ? question.plain : [...question.plain, 'service'])
  const telling = [...rows, ...parts].filter(({ dimension }) => !plain.has(dimension))
  const causes = causesOf(telling, how)
  return { ...finding, causes, exampleRequests: examples.map(({ id }) => id) }
}

/** Values that have no part in it have about this share of the change all the same: as much as of all events. */
const liftLeast = 1.3
/** What these say is never a matter of how many events there are. */
const alwaysTelling: ReadonlySet<string> = new Set(['status_code', 'detail', 'part'])

/** How a change is taken apart. */
interface Taking {
  /** The finding's time by the time before it. */
  scale: number
  /** Whether the time that each request takes has changed, whatever their number. */
  perEvent: boolean
  /** Whether only values are named whose share of the change is more than their share of the events. */
  telling: boolean
}

function causesOf(rows: readonly Row[], { scale, perEvent, telling }: Taking): Cause[] {
  const changed = rows.map(({ observed, before, events, events_before, ...row }) => {
    const expected = perEvent ? (before / Math.max(events_before, 1)) * events : before * scale
    return { ...row, observed, expected, change: events_before === 0 && perEvent ? 0 : observed - expected }
  })
  const causes = [...new Set(changed.map(({ dimension }) => dimension))].flatMap((dimension) => {
    const values = changed.filter((one) => one.dimension === dimension)
    const total = values.reduce((sum, { change }) => sum + change, 0)
    const all = values.reduce((sum, { all_events }) => sum + all_events, 0)
    return values.flatMap(({ value, observed, expected, change, all_events }) => {
      const share = total === 0 ? 0 : change / total
      const usual =
        telling && !alwaysTelling.has(dimension) && values.length > 1 ? all_events / Math.max(all, 1) : 0
      if (share < shareLeast || share < liftLeast * usual) return []
      return [{ dimension, value, share: Math.min(share, 1), observed, expected }]
    })
  })
  return causes.toSorted((a, b) => b.share - a.share).slice(0, causesMax)
}
