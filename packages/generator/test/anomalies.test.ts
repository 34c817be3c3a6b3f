import { expect, test } from 'vitest'
import { idText } from '../src/traffic/ids.js'
import { drawEvents, drawLines, type Line } from './draw.js'

const usual = new Set<unknown>(['view_page', 'click_button', 'submit_form', 'login', 'logout'])
const shows: Record<string, (event: Line) => boolean> = {
  response_time_spike: ({ response_time }) => response_time >= 5_000,
  unusual_action: (event) => !usual.has(event['action']),
  outlying_cart_size: (event) => Number(event['cart_size']) >= 100 && Number(event['cart_size']) <= 1_000,
  system_error: ({ status_code, level }) => status_code === 500 && level === 'ERROR',
}

test('as many anomalies are planted as asked for, of every kind, and the truth says which', () => {
  const [count, rate] = [50_000, 0.01]
  const { lines, planted } = drawLines(count, { anomalyRate: rate })
  const deviation = Math.sqrt(count * rate * (1 - rate))
  expect(Math.abs(planted.length - count * rate)).toBeLessThan(4 * deviation)
  const byId = new Map(
    lines.map((line) => JSON.parse(line) as Line).map((event) => [event.request_id, event]),
  )
  for (const { event, kind } of planted) {
    const line = byId.get(`req_${idText(event.requestId)}`)
    expect(line).toSatisfy(shows[kind] ?? (() => false))
  }
  for (const kind of Object.keys(shows)) {
    const share = planted.filter((one) => one.kind === kind).length / planted.length
    expect(share).toBeGreaterThan(0.15)
    expect(share).toBeLessThan(0.35)
  }
})

test('nothing anomalous happens where none is asked for, but for errors that every shop has', () => {
  const events = drawEvents(50_000)
  expect(events.filter((event) => shows['unusual_action']?.(event))).toEqual([])
  expect(events.filter((event) => shows['outlying_cart_size']?.(event))).toEqual([])
  expect(events.filter(({ response_time }) => response_time >= 5_000).length).toBeLessThan(50)
})

test('events tell nothing of what was planted into them', () => {
  const known = new Set(drawEvents(5_000).flatMap((event) => Object.keys(event)))
  const found = new Set(drawEvents(5_000, { anomalyRate: 1 }).flatMap((event) => Object.keys(event)))
  expect([...found].filter((name) => !known.has(name))).toEqual([])
})
