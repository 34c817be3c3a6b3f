import { decodeLine, formats } from '@pulsehouse/events'
import { expect, test } from 'vitest'
import { drawEvents, drawLines, groupBy, startUs } from './draw.js'

const context = { receivedAtMicros: startUs, timeShiftMicros: 0 }
const events = drawEvents(40_000)

test('the same seed and start give the same bytes, another seed gives others', () => {
  expect(drawLines(2_000).lines).toEqual(drawLines(2_000).lines)
  expect(drawLines(2_000).lines).not.toEqual(drawLines(2_000, { seed: 8 }).lines)
})

test('the anomalies do not disturb the traffic around them', () => {
  const calm = drawEvents(3_000).map((event) => `${event.timestamp} ${event.url} ${event.session_id}`)
  const wild = drawEvents(3_000, { anomalyRate: 0.5 })
  expect(wild.map((event) => `${event.timestamp} ${event.url} ${event.session_id}`)).toEqual(calm)
})

test('the pipeline takes every line whole, without a field that the catalog does not have', () => {
  for (const line of drawLines(5_000, { anomalyRate: 0.1 }).lines) {
    const decoded = decodeLine(formats.json, line, context)
    expect(decoded).toMatchObject({ ok: true, event: { attributes: {} } })
  }
})

test('lines are plain ASCII, end with a line feed, hold no null and are of a usual size', () => {
  for (const line of drawLines(5_000).lines) {
    expect(line).toMatch(/^[ -~]+\n$/)
    expect(line).not.toMatch(/:(?:null|undefined|NaN)|"undefined"/)
    expect(line.length).toBeLessThan(1_500)
  }
})

test('times of events never go back and request ids never repeat', () => {
  const times = events.map((event) => event.timestamp)
  expect(times).toEqual(times.toSorted())
  expect(times[0]).toMatch(/^2026-11-22T09:00:00\.\d{6}Z$/)
  expect(new Set(events.map((event) => event.request_id)).size).toBe(events.length)
})

test('the parts of the response time add up', () => {
  for (const event of drawEvents(10_000, { anomalyRate: 0.2 })) {
    const sum = event.db_query_time + event.server_processing_time + event.network_latency
    expect(Math.abs(event.response_time - sum)).toBeLessThan(0.001)
    expect(event.response_time).toBe(Math.round(event.response_time * 100) / 100)
  }
})

function levelOf(status: number): string {
  if (status === 500 || status === 401) return 'ERROR'
  return status === 403 || status === 404 ? 'WARN' : 'INFO'
}

test('the level follows the status', () => {
  for (const event of events) expect(event.level).toBe(levelOf(event.status_code))
})

test('the traffic has the shape of a shop’s', () => {
  const failed = events.filter((event) => event.status_code >= 400).length / events.length
  expect(failed).toBeGreaterThan(0.012)
  expect(failed).toBeLessThan(0.035)
  const sorted = events.map((event) => event.response_time).toSorted((a, b) => a - b)
  const quantile = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0
  expect(quantile(0.5)).toBeGreaterThan(50)
  expect(quantile(0.5)).toBeLessThan(150)
  expect(quantile(0.99)).toBeGreaterThan(700)
  expect(quantile(0.99)).toBeLessThan(2_500)
  const actions = new Set(events.map((event) => event['action']))
  expect(actions).toEqual(new Set(['view_page', 'click_button', 'submit_form', 'login', 'logout']))
  expect(groupBy(events, 'user_id').size).toBeGreaterThan(1_000)
  expect(new Set(events.map((event) => event['host'])).size).toBe(14)
})

test('a user has one address and one agent', () => {
  for (const own of groupBy(events, 'user_id').values()) {
    expect(new Set(own.map((event) => event['ip_address'])).size).toBe(1)
    expect(new Set(own.map((event) => event['user_agent'])).size).toBe(1)
  }
})
