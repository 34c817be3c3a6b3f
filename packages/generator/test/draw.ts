import {
  ByteWriter,
  createJsonLine,
  createTraffic,
  type LineWriter,
  type Planted,
  type ShopEvent,
  type TrafficOptions,
} from '../src/index.js'
import { steadyCurve } from '../src/traffic/day-curve.js'

/** An event as a consumer of the lines sees it. */
export type Line = Record<string, unknown> & {
  timestamp: string
  request_id: string
  session_id: string
  user_id: string
  url: string
  level: string
  status_code: number
  response_time: number
  db_query_time: number
  server_processing_time: number
  network_latency: number
}

/** Nine in the morning UTC, when the day curve is near its mean. */
export const startUs = Date.parse('2026-11-22T09:00:00Z') * 1_000

/** Makes a function that writes events as lines of text. */
export function textOf(writeLine: LineWriter): (event: ShopEvent) => string {
  const out = new ByteWriter(16 * 1024)
  return (event) => {
    writeLine(out, event)
    return Buffer.from(out.take()).toString()
  }
}

/** Draws events with a fixed seed; returns their lines and what was planted. */
export function drawLines(
  count: number,
  options: Partial<TrafficOptions> = {},
): { lines: string[]; planted: Planted[] } {
  const planted: Planted[] = []
  const traffic = createTraffic({
    seed: 7,
    startUs,
    ratePerS: 100,
    onPlanted: (one) => planted.push(one),
    ...options,
  })
  const toLine = textOf(createJsonLine())
  const lines = Array.from({ length: count }, () => toLine(traffic.next()))
  return { lines, planted }
}

/** Draws events and parses their lines. */
export function drawEvents(count: number, options: Partial<TrafficOptions> = {}): Line[] {
  return drawLines(count, options).lines.map((line) => JSON.parse(line) as Line)
}

/** Draws the lines of the first seconds with a fixed seed. */
export function drawSpan(seconds: number, options: Partial<TrafficOptions> = {}): string[] {
  const traffic = createTraffic({ seed: 7, startUs, ratePerS: 10, curve: steadyCurve, ...options })
  const untilUs = (options.startUs ?? startUs) + seconds * 1e6
  const toLine = textOf(createJsonLine())
  const lines: string[] = []
  while (traffic.nextAtUs < untilUs) lines.push(toLine(traffic.next()))
  return lines
}

/** Events by the value of a field, in the order of time. */
export function groupBy(events: readonly Line[], field: keyof Line): Map<unknown, Line[]> {
  const groups = new Map<unknown, Line[]>()
  for (const event of events) {
    const group = groups.get(event[field])
    if (group === undefined) groups.set(event[field], [event])
    else group.push(event)
  }
  return groups
}
