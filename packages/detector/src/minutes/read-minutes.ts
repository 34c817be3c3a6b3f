import type { Clickhouse } from '@pulsehouse/platform'
import type { Rules } from '../rules/rules.js'
import type { Admin, BusyAddress, DividedSession, Logins, Minute, Sample } from './minute.js'
import * as queries from './queries.js'

const minuteSeconds = 60
/** So much is read in one piece: more of the past is no faster, and would only take memory. */
const pieceSeconds = 3 * 3_600
/** Carts of so long say what size is usual. */
const cartsSeconds = 3 * 86_400
/** Five robust standard deviations; the 90th percentile of a normal distribution lies 1.2816 above its median. */
const cartDeviations = 5 / 1.2816
const cartLimitLeast = 20
/** Fewer carts say nothing of what is usual. */
const cartsLeast = 200

interface AtMinute {
  seconds: number
}
interface Amount extends AtMinute {
  amount: number
  service?: string
}
interface Timed extends Amount {
  endpoint?: string
  timed: number
  percentiles: number[]
}

/** Reads closed minutes in their order, each once; also those in which nothing happened. */
export class MinuteReader {
  /** Services that were ever seen: one that has fallen silent has zeros. */
  readonly #services = new Set<string>()

  constructor(
    private readonly clickhouse: Clickhouse,
    private readonly rules: Rules,
  ) {}

  /**
   * The minutes before a time that are worth learning from: before the first event there is nothing, which is not the same as no traffic.
   *
   * @param fromSeconds not before this, seconds since 1970.
   */
  async *readPast(fromSeconds: number, toSeconds: number): AsyncGenerator<Minute> {
    const [first] = await this.clickhouse.query<AtMinute>(queries.firstMinuteQuery)
    if (first !== undefined && first.seconds > 0)
      yield* this.read(Math.max(fromSeconds, first.seconds), toSeconds)
  }

  /**
   * @param fromSeconds beginning of the first minute, seconds since 1970.
   * @param toSeconds end of the last.
   */
  async *read(fromSeconds: number, toSeconds: number): AsyncGenerator<Minute> {
    let next = this.#piece(fromSeconds, toSeconds)
    for (let at = fromSeconds; at < toSeconds; at += pieceSeconds) {
      const piece = await next
      // While this piece is judged, ClickHouse reads the next.
      next = this.#piece(at + pieceSeconds, toSeconds)
      next.catch(() => undefined)
      yield* piece
    }
  }

  async #piece(fromSeconds: number, endSeconds: number): Promise<Minute[]> {
    const toSeconds = Math.min(fromSeconds + pieceSeconds, endSeconds)
    if (fromSeconds >= toSeconds) return []
    const range = { from: fromSeconds, to: toSeconds }
    const earlier = {
      from: fromSeconds - this.rules.session_reuse.window_minutes * minuteSeconds,
      to: toSeconds,
    }
    const { clickhouse } = this
    const [endpoints, services, whole, serverErrors, orders, carts, logins, busy, divided, admins] =
      await Promise.all([
        clickhouse.query<Timed>(queries.endpointsQuery, range),
        clickhouse.query<Timed>(queries.servicesQuery, range),
        clickhouse.query<Timed>(queries.wholeQuery, range),
        clickhouse.query<Amount>(queries.serverErrorsQuery, range),
        clickhouse.query<AtMinute & { failed: number; completed: number }>(queries.ordersQuery, range),
        this.#outlyingCarts(range),
        clickhouse.query<AtMinute & Logins>(queries.loginsQuery, range),
        clickhouse.query<AtMinute & BusyRow>(queries.busyQuery, {
          ...range,
          busy: this.rules.scraping.min_events_a_minute,
        }),
        clickhouse.query<DividedSession>(queries.dividedQuery, earlier),
        clickhouse.query<AtMinute & Admin>(queries.adminsQuery, range),
      ])
    for (const { service = '' } of services) this.#services.add(service)
    const of = {
      endpoints: byMinute(endpoints),
      services: byMinute(services),
      whole: byMinute(whole),
      serverErrors: byMinute(serverErrors),
      orders: byMinute(orders),
      carts: byMinute(carts),
      logins: byMinute(logins),
      admins: byMinute(admins),
      busy: byMinute(busy),
      divided: byMinute(
        divided.map((row) => ({ ...row, at: row.seconds, seconds: Math.max(row.seconds, fromSeconds) })),
      ),
    }
    const minutes: Minute[] = []
    for (let seconds = fromSeconds; seconds < toSeconds; seconds += minuteSeconds) {
      const total = of.whole(seconds)[0]
      const events = total?.amount ?? 0
      const logins = of.logins(seconds)
      const failing = new Set(logins.filter(({ failed }) => failed > 0).map(({ user }) => user)).size
      const [order] = of.orders(seconds)
      const { failed = 0, completed = 0 } = order ?? {}
      minutes.push({
        seconds,
        samples: [
          ...trafficSamples('', total),
          ...[...this.#services].flatMap((service) =>
            trafficSamples(
              service,
              of.services(seconds).find((row) => row.service === service),
            ),
          ),
          ...errorSamples(of.services(seconds), of.serverErrors(seconds), events),
          ...of
            .endpoints(seconds)
            .flatMap((row) => percentileSamples(row.service ?? '', row.endpoint ?? '', row)),
          ...ratio('checkout_failure_ratio', failed, failed + completed),
          ...ratio('users_failing_ratio', failing, events),
          ...ratio('outlying_carts_ratio', of.carts(seconds)[0]?.amount ?? 0, events),
        ],
        logins,
        admins: of.admins(seconds),
        busy: of.busy(seconds).map(({ mostly, amount, refused_paths, ...row }) => ({
          ...row,
          service: mostly,
          events: amount,
          refusedPaths: refused_paths,
        })),
        divided: of.divided(seconds).map(({ at, ...row }) => ({ ...row, seconds: at })),
      })
    }
    return minutes
  }

  async #outlyingCarts({ from, to }: { from: number; to: number }): Promise<Amount[]> {
    const usual = { from: from - cartsSeconds, to: from }
    const [row] = await this.clickhouse.query<{ sizes: number[]; carts: number }>(
      queries.cartLimitQuery,
      usual,
    )
    const [median = 0, high = 0] = row?.sizes ?? []
    if (row === undefined || row.carts < cartsLeast || median <= 0) return []
    const limit = Math.ceil(median * (high / median) ** cartDeviations)
    return await this.clickhouse.query<Amount>(queries.outlyingCartsQuery, {
      from,
      to,
      limit: Math.max(limit, cartLimitLeast),
    })
  }
}

type BusyRow = Omit<BusyAddress, 'service' | 'events' | 'refusedPaths'> & {
  mostly: string
  amount: number
  refused_paths: number[]
}

function byMinute<Row extends AtMinute>(rows: readonly Row[]): (seconds: number) => Row[] {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.seconds)
    if (group === undefined) groups.set(row.seconds, [row])
    else group.push(row)
  }
  return (seconds) => groups.get(seconds) ?? []
}

/** Events are zero where there were none; of nothing there is no percentile. */
function trafficSamples(service: string, row: Timed | undefined): Sample[] {
  const events: Sample = { metric: 'events', service, endpoint: '', value: row?.amount ?? 0, of: 0 }
  return row === undefined ? [events] : [events, ...percentileSamples(service, '', row)]
}

/** The median of fewer requests than this is that of one slow one, as often as not. */
const timedLeast = 5

function percentileSamples(service: string, endpoint: string, { timed, percentiles }: Timed): Sample[] {
  if (timed < timedLeast) return []
  const [p50 = 0, , p95 = 0] = percentiles
  return [
    { metric: 'response_time_p50', service, endpoint, value: p50, of: timed },
    { metric: 'response_time_p95', service, endpoint, value: p95, of: timed },
  ]
}

function errorSamples(services: readonly Amount[], errors: readonly Amount[], events: number): Sample[] {
  const failed = new Map(errors.map(({ service = '', amount }) => [service, amount]))
  const all = errors.reduce((sum, { amount }) => sum + amount, 0)
  return [
    ...ratio('server_error_ratio', all, events),
    ...services.flatMap(({ service = '', amount }) =>
      ratio('server_error_ratio', failed.get(service) ?? 0, amount, service),
    ),
  ]
}

/** Nothing is known of a share of nothing. */
function ratio(metric: Sample['metric'], value: number, of: number, service = ''): Sample[] {
  return of === 0 ? [] : [{ metric, service, endpoint: '', value, of }]
}
