import { z } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { runOf, type ApiEnv, type ApiParts } from '../api.js'
import { BadParameters } from '../http/problem.js'
import { isoOf } from '../parameters/minute-range.js'
import { parseMoment, resolveRange } from '../parameters/time.js'
import { runQuery, type NamedQuery, type QueryRun } from '../query/named-query.js'

/** How far back what is kept by the minute reaches; hours are kept for longer. */
export interface History {
  /** All events from this time on are known by the minute, seconds since 1970. */
  minutesFromSeconds(run: QueryRun): Promise<number>
  /**
   * The time of the first events that the statistics still know, seconds since 1970; infinite when they know none. Before
   * it nothing is known, which is not the same as nothing having happened.
   *
   * @param fromSeconds what is asked for begins there; what is told may be a minute old when it lies before.
   */
  firstTimes(run: QueryRun, fromSeconds: number): Promise<FirstTimes>
}

/** Of hours and minutes, because hours are kept for longer; seconds since 1970. */
export interface FirstTimes {
  hour: number
  minute: number
}

/** It changes once a day, when a day is thrown away. */
const rememberedMs = 60_000

const nothing = z.record(z.string(), z.never())

/**
 * Days that the hours still have and the minutes not any more have been thrown away; their last hour is the last that is
 * not known by the minute. By the days of arrival, because history may be imported at any time.
 */
const minutesFrom: NamedQuery<Record<string, never>, { seconds: number }> = {
  name: 'minutes_from',
  parameters: nothing,
  row: z.object({ seconds: z.int() }),
  sql: () => `SELECT if(count() = 0, 0, toUnixTimestamp(max(hour)) + 3600) AS seconds
FROM services_by_hour
WHERE received_day < (SELECT if(count() = 0, today() + 1, min(received_day)) FROM services_by_minute)`,
}

const firstTimes: NamedQuery<Record<string, never>, { hour: number | null; minute: number | null }> = {
  name: 'first_time',
  parameters: nothing,
  row: z.object({ hour: z.int().nullable(), minute: z.int().nullable() }),
  sql: () => `SELECT
  (SELECT toUnixTimestamp(hour) FROM services_by_hour ORDER BY hour LIMIT 1) AS hour,
  (SELECT toUnixTimestamp(minute) FROM totals_by_minute ORDER BY minute LIMIT 1) AS minute`,
}

/** Opens the history of a database; it is asked when somebody wants to know. */
export function openHistory(nowMs: () => number): History {
  let known: { atMs: number; seconds: number } | undefined
  let first: (FirstTimes & { atMs: number }) | undefined
  return {
    minutesFromSeconds: async (run) => {
      if (known !== undefined && nowMs() - known.atMs < rememberedMs) return known.seconds
      const [row] = await runQuery(minutesFrom, {}, run)
      known = { atMs: nowMs(), seconds: row?.seconds ?? 0 }
      return known.seconds
    },
    firstTimes: async (run, fromSeconds) => {
      // Older events may be imported at any time; to a range that begins later they make no difference.
      const isSure = first !== undefined && first.minute <= fromSeconds && nowMs() - first.atMs < rememberedMs
      if (first !== undefined && isSure) return first
      const [row] = await runQuery(firstTimes, {}, run)
      first = { atMs: nowMs(), hour: row?.hour ?? Infinity, minute: row?.minute ?? Infinity }
      return first
    },
  }
}

/** Why a range can't be answered: what it begins with has been thrown away. */
export function notKept(minutesFromSeconds: number, advice: string): BadParameters {
  const message = `must not lie before ${isoOf(minutesFromSeconds)}, from when on everything is kept by the minute${advice}`
  return new BadParameters([{ parameter: 'from', message }])
}

/** Holds routes to what is kept by the minute: before it they would tell of nothing where something happened. */
export function needsMinutes(parts: ApiParts): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const [from, to] = ['from', 'to'].map((name) => parseMoment(context.req.query(name) ?? ''))
    // What can't be read is for the route to refuse.
    if (from !== undefined || to !== undefined) {
      const { fromMicros } = resolveRange({ from, to }, parts.nowMs(), 0)
      const known = await parts.history.minutesFromSeconds(runOf(parts, context))
      if (fromMicros < known * 1e6) throw notKept(known, '')
    }
    await next()
  }
}
