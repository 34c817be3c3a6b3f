import { decodeLine, formats } from '@pulsehouse/events'
import { expect, test } from 'vitest'
import { createJsonLine, createPipeLine, createTraffic } from '../src/index.js'
import { startUs, textOf } from './draw.js'

const shape = [
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/,
  /^(?:INFO|WARN|ERROR)$/,
  /^req_\w+$/,
  /^session_\w+$/,
  /^user_\d+$/,
  /^\w+$/,
  /^(?:GET|POST|PUT|DELETE)$/,
  /^\/\S+$/,
  /^Referrer: (?:Direct Entry|https:\/\/\S+)$/,
  /^IP: [\da-f.:]+$/,
  /^Agent: Mozilla\/5\.0 .+$/,
  /^Response Time: \d+(?:\.\d+)?s$/,
  /^Product ID: (?:prod_\d+)?$/,
  /^Cart Size: \d+$/,
  /^Checkout Status: (?:pending|completed|failed)?$/,
  /^Token: (?:token_\w+)?$/,
  /^Auth Method: (?:OAuth|JWT|Basic)?$/,
  /^Auth Level: (?:user|admin)?$/,
  /^Correlation ID: corr_\w+$/,
  /^Server IP: [\d.]+$/,
  /^Port: \d+$/,
  /^Protocol: HTTPS?$/,
  /^\d{3} [A-Z][\w ]+$/,
  /^Detail: [A-Z].+\.$/,
]

test('a line has the 24 fields of the old shop', () => {
  const traffic = createTraffic({ seed: 1, startUs, ratePerS: 100, anomalyRate: 0.05 })
  const toPipe = textOf(createPipeLine())
  for (let drawn = 0; drawn < 5_000; drawn += 1) {
    const line = toPipe(traffic.next())
    expect(line).toMatch(/^[ -~]+\n$/)
    const fields = line.trimEnd().split(' | ')
    expect(fields).toHaveLength(shape.length)
    for (const [index, field] of fields.entries()) expect(field).toMatch(shape[index] ?? /$^/)
  }
})

test('a line says the same as the JSON of the same event, as far as it can', () => {
  const traffic = createTraffic({ seed: 2, startUs, ratePerS: 100 })
  const [toPipe, toJson] = [textOf(createPipeLine()), textOf(createJsonLine())]
  const context = { receivedAtMicros: startUs, timeShiftMicros: 0 }
  const notCarried = [
    'service',
    'host',
    'message',
    'db_query_time',
    'server_processing_time',
    'network_latency',
  ]
  for (let drawn = 0; drawn < 2_000; drawn += 1) {
    const event = traffic.next()
    const fromPipe = decodeLine(formats.pipe, toPipe(event), context)
    const fromJson = decodeLine(formats.json, toJson(event), context)
    if (!fromPipe.ok || !fromJson.ok) throw new Error('a line was rejected')
    const expected = { cart_size: 0, ...fromJson.event }
    for (const name of notCarried) Reflect.deleteProperty(expected, name)
    expect(fromPipe.event).toEqual(expected)
  }
})
