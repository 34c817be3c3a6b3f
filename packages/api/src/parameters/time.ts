import { z } from '@hono/zod-openapi'
import { parseIsoMicros } from '@pulsehouse/events'
import { BadParameters } from '../http/problem.js'
import { givenText } from './text.js'

/** A moment as a user names it: fixed, or so far from now. */
type Moment = { kind: 'at'; micros: number } | { kind: 'from_now'; micros: number }

/** A range of time in microseconds since 1970, its start included and its end not. */
export interface TimeRange {
  fromMicros: number
  toMicros: number
}

const microsPerSecond = 1_000_000
const secondsPer = { s: 1, m: 60, h: 3600, d: 86_400 } as const
const microsPerDay = 86_400 * microsPerSecond
/** The storage's minutes end in 2106. */
const timeMaxMicros = Date.UTC(2100, 0, 1) * 1000

const timeForms =
  'an ISO 8601 time in UTC (2026-03-01T12:00:00Z), now, or a time before now (-15m, -24h, -7d)'

/** Seconds of a duration like `90s`, `5m`, `1h`, `1d`, or of a bare number; undefined for any other text. */
export function parseDurationSeconds(text: string): number | undefined {
  const match = /^(\d{1,9})([smhd])?$/.exec(text)
  if (match === null) return undefined
  return Number(match[1]) * secondsPer[(match[2] ?? 's') as keyof typeof secondsPer]
}

/** Reads a moment; undefined for text that is none. */
export function parseMoment(text: string): Moment | undefined {
  if (text === 'now') return { kind: 'from_now', micros: 0 }
  if (/^-\d+[smhd]$/.test(text)) {
    const seconds = parseDurationSeconds(text.slice(1))
    return seconds === undefined ? undefined : { kind: 'from_now', micros: -seconds * microsPerSecond }
  }
  const micros = parseIsoMicros(text)
  return micros === undefined ? undefined : { kind: 'at', micros }
}

/** Whether a moment lies outside of what can be stored; a number that is none does too. */
function outside(micros: number): boolean {
  return !(micros >= 0 && micros <= timeMaxMicros)
}

/** A parameter that names a moment. */
export function moment(meta: { description: string; example: string; fallback: string }) {
  return givenText
    .transform((text, context) => {
      const parsed = parseMoment(text)
      if (parsed !== undefined) return parsed
      context.addIssue({ code: 'custom', message: `must be ${timeForms}` })
      return z.NEVER
    })
    .optional()
    .openapi({
      type: 'string',
      description: `${meta.description}: ${timeForms}. Without it: ${meta.fallback}.`,
      example: meta.example,
    })
}

/**
 * The range that `from` and `to` mean at a moment.
 *
 * @param defaultToMicros the end where none is given, microseconds from now; a start that is not given lies a day
 *   before the given end, or before now.
 * @throws {BadParameters} when it lies outside of what can be stored, or ends before it starts.
 */
export function resolveRange(
  given: { from?: Moment | undefined; to?: Moment | undefined },
  nowMs: number,
  defaultToMicros: number,
): TimeRange {
  const nowMicros = Math.floor(nowMs) * 1000
  const absolute = ({ kind, micros }: Moment): number => (kind === 'at' ? micros : nowMicros + micros)
  const toMicros = given.to === undefined ? nowMicros + defaultToMicros : absolute(given.to)
  const fromMicros =
    given.from === undefined ? Math.min(toMicros, nowMicros) - microsPerDay : absolute(given.from)
  const message = 'must lie between the years 1970 and 2100'
  const errors = [
    ...(outside(fromMicros) ? [{ parameter: given.from === undefined ? 'to' : 'from', message }] : []),
    ...(outside(toMicros) ? [{ parameter: 'to', message }] : []),
  ]
  if (errors.length === 0 && fromMicros > toMicros) {
    errors.push({
      parameter: given.from === undefined ? 'to' : 'from',
      message: 'must not lie after to',
    })
  }
  if (errors.length > 0) throw new BadParameters(errors)
  return { fromMicros, toMicros }
}
