import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { faker } from '@faker-js/faker'
import type { Bench, BenchResult } from './bench.js'
import { publishEvents } from './generator/publish-events.js'
import { processorSeconds } from './processor-seconds.js'

const generator = join(import.meta.dirname, '../../../packages/generator/dist/main.js')
const eventsCount = 2_000_000
const barEventsPerS = 200_000
const baselineMs = 2_000
const publishedPerS = 80_000
const publishedS = 10
/** The rate is steady but drawn, and the machine is shared. */
const rateHeldShare = 0.97
const barCpuUs = 4

/**
 * How fast the generator prints events, as one process, and what an event costs it that is published; the baseline asks
 * faker for every field of every event.
 */
export const generatorBench: Bench = {
  name: 'generator',
  summary:
    'events a second of the generator printing to a pipe, and processor time an event at a high rate, beside faker',
  run: async (report) => {
    report(`printing ${eventsCount} events…`)
    const { wallS, cpuS, bytes } = await printEvents()
    report(`making events with faker for ${baselineMs / 1_000} s…`)
    const baseline = fakerEventsPerS()
    const value = eventsCount / wallS
    const perCpu = cpuS === undefined ? 'unknown' : Math.round(eventsCount / cpuS)
    const result: BenchResult = {
      name: 'generator',
      value: Math.round(value),
      unit: 'events/s',
      baseline: Math.round(baseline),
      ratio: Number((value / baseline).toFixed(1)),
      bar: barEventsPerS,
      pass: value >= barEventsPerS,
      note: `wall time with start-up, one process, ${Math.round(bytes / eventsCount)} bytes an event; ${perCpu} events per second of its processor time`,
    }
    report(`publishing ${publishedPerS} events/s for ${publishedS} s…`)
    return [result, await published(1e6 / baseline)]
  },
}

/** What an event costs when a real nats-server takes the rate that the whole pipeline aims for. */
async function published(baselineUs: number): Promise<BenchResult> {
  const { generatorUs, natsUs, eventsPerS } = await publishEvents({
    ratePerS: publishedPerS,
    lastsS: publishedS,
  })
  const held = eventsPerS >= publishedPerS * rateHeldShare
  return {
    name: 'generator published',
    value: Number(generatorUs.toFixed(2)),
    unit: 'µs of processor time/event',
    baseline: Number(baselineUs.toFixed(1)),
    ratio: Number((baselineUs / generatorUs).toFixed(1)),
    bar: barCpuUs,
    pass: generatorUs <= barCpuUs && held,
    note: `without start-up; ${Math.round(eventsPerS)} events/s of the ${publishedPerS} asked for; nats-server ${natsUs.toFixed(2)} µs/event more`,
  }
}

/** Runs the generator to its end; counts what it prints and its time. @throws when it prints anything but the events. */
async function printEvents(): Promise<{ wallS: number; cpuS: number | undefined; bytes: number }> {
  const args = [generator, '--rate', '0', '--stdout', '--count', String(eventsCount), '--seed', '1']
  const startMs = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let bytes = 0
  let lines = 0
  let cpuS: number | undefined
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  child.stdout.on('data', (part: Buffer) => {
    bytes += part.length
    for (let at = part.indexOf(10); at !== -1; at = part.indexOf(10, at + 1)) lines += 1
    if (lines === eventsCount) cpuS = processorSeconds(child.pid)
  })
  const code = await closed
  if (code !== 0 || lines !== eventsCount) {
    throw new Error(`The generator printed ${lines} of ${eventsCount} lines and ended with code ${code}.`)
  }
  return { wallS: (performance.now() - startMs) / 1_000, cpuS, bytes }
}

function fakerEventsPerS(): number {
  faker.seed(1)
  const startMs = performance.now()
  let events = 0
  let bytes = 0
  for (; performance.now() - startMs < baselineMs; events += 1) bytes += JSON.stringify(fakerEvent()).length
  if (bytes === 0) throw new Error('faker made nothing.')
  return events / ((performance.now() - startMs) / 1_000)
}

/** The same fields as the generator's, each drawn alone. */
function fakerEvent(): Record<string, string | number> {
  const [db, server, network] = [faker.number.float(), faker.number.float(), faker.number.float()]
  return {
    timestamp: faker.date.recent().toISOString(),
    level: faker.helpers.arrayElement(['INFO', 'WARN', 'ERROR']),
    request_id: `req_${faker.string.hexadecimal({ length: 12, prefix: '' })}`,
    session_id: `session_${faker.string.hexadecimal({ length: 12, prefix: '' })}`,
    user_id: `user_${faker.number.int(5_000)}`,
    action: faker.helpers.arrayElement(['login', 'logout', 'view_page', 'click_button', 'submit_form']),
    http_method: faker.internet.httpMethod(),
    url: `/products/${faker.number.int(2_000)}`,
    referrer_url: faker.internet.url(),
    ip_address: faker.internet.ip(),
    user_agent: faker.internet.userAgent(),
    response_time: db + server + network,
    db_query_time: db,
    server_processing_time: server,
    network_latency: network,
    product_id: `prod_${faker.number.int(2_000)}`,
    cart_size: faker.number.int(10),
    checkout_status: faker.helpers.arrayElement(['pending', 'completed', 'failed']),
    token: `token_${faker.string.hexadecimal({ length: 12, prefix: '' })}`,
    auth_method: faker.helpers.arrayElement(['OAuth', 'JWT', 'Basic']),
    auth_level: faker.helpers.arrayElement(['user', 'admin']),
    correlation_id: `corr_${faker.string.hexadecimal({ length: 12, prefix: '' })}`,
    service: faker.helpers.arrayElement(['web', 'catalog', 'cart']),
    host: faker.internet.domainWord(),
    server_ip: faker.internet.ipv4(),
    port: faker.internet.port(),
    protocol: faker.helpers.arrayElement(['HTTP', 'HTTPS']),
    status_code: faker.internet.httpStatusCode(),
    detail: faker.lorem.sentence(),
  }
}
