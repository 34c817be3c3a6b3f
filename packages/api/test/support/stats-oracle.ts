import { expect } from 'vitest'
import type { MeasureName } from '../../src/stats/measures.js'
import { dimensions, type DimensionName } from '../../src/stats/dimensions.js'
import type { Row } from './rows.js'

/** Between which two values a percentile lies: definitions differ in what they make of the gap between two ranks. */
interface Between {
  least: number
  most: number
}

/** What a row of statistics must say. */
export type ExpectedStats = Record<MeasureName, number | Between | null>

/** Which row of the statistics events belong to. */
export function groupOf(time: string, values: readonly unknown[]): string {
  return JSON.stringify([time, ...values])
}

/** Statistics from the events themselves, as one reads them off the definition. */
export function expectedStats(
  rows: readonly Row[],
  groups: readonly string[],
  stepSeconds: number,
): Map<string, ExpectedStats> {
  const grouped = new Map<string, Row[]>()
  for (const row of rows) {
    const seconds = Math.floor(row.timestampMicros / 1e6 / stepSeconds) * stepSeconds
    const time = new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
    const key = groupOf(
      time,
      groups.map((name) => valueOf(row, name)),
    )
    grouped.set(key, [...(grouped.get(key) ?? []), row])
  }
  return new Map([...grouped].map(([key, members]) => [key, statsOf(members)]))
}

function valueOf(row: Row, name: string): string | number | null {
  const { column } = dimensions[name as DimensionName]
  const value = row[column]
  return typeof value === 'string' || typeof value === 'number' ? value : null
}

function statsOf(rows: readonly Row[]): ExpectedStats {
  const errors = rows.filter(({ level }) => level === 'ERROR').length
  const times = valuesOf(rows, 'response_time').toSorted((a, b) => a - b)
  return {
    events: rows.length,
    errors,
    error_ratio: errors / rows.length,
    response_time_mean: meanOf(times),
    response_time_p50: percentileOf(times, 0.5),
    response_time_p90: percentileOf(times, 0.9),
    response_time_p95: percentileOf(times, 0.95),
    response_time_p99: percentileOf(times, 0.99),
    response_time_max: times.at(-1) ?? null,
    db_query_time_mean: meanOf(valuesOf(rows, 'db_query_time')),
    server_processing_time_mean: meanOf(valuesOf(rows, 'server_processing_time')),
    network_latency_mean: meanOf(valuesOf(rows, 'network_latency')),
    users: new Set(rows.flatMap(({ user_id: user }) => user ?? [])).size,
    sessions: new Set(rows.flatMap(({ session_id: session }) => session ?? [])).size,
  }
}

function valuesOf(
  rows: readonly Row[],
  name: 'response_time' | 'db_query_time' | 'server_processing_time' | 'network_latency',
): number[] {
  return rows.flatMap((row) => row[name] ?? [])
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

function percentileOf(sorted: readonly number[], level: number): Between | null {
  if (sorted.length === 0) return null
  const place = level * (sorted.length - 1)
  const at = (index: number): number => sorted[Math.max(0, Math.min(sorted.length - 1, index))] ?? 0
  return { least: at(Math.floor(place) - 1), most: at(Math.ceil(place) + 1) }
}

/** Numbers that are sums of the same values in another order, and percentiles within what the state keeps. */
export function expectEqual(row: Partial<Record<MeasureName, unknown>>, expected: ExpectedStats): void {
  for (const [name, value] of Object.entries(expected)) {
    const actual = row[name as MeasureName]
    if (actual === undefined) continue
    if (typeof value !== 'object' || value === null) {
      if (typeof value === 'number' && !Number.isInteger(value)) expect(actual, name).toBeCloseTo(value, 4)
      else expect(actual, name).toBe(value)
      continue
    }
    expect(actual, name).toBeGreaterThanOrEqual(value.least * 0.98)
    expect(actual, name).toBeLessThanOrEqual(value.most * 1.02)
  }
}
