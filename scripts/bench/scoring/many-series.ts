import { Judge, readRules } from '@pulsehouse/detector'
import { randomFrom } from './random.js'

/** Minutes that the series are judged for: enough for their memory to be what it will be. */
const minutes = 1_100
const metrics = ['events', 'server_error_ratio', 'response_time_p50', 'response_time_p95'] as const
const requests = 60

// A process of its own, because its memory is what is measured: how many series, as the only word. All that the detector
// does with a minute is done, but for reading and writing it. It prints the slowest minute, because that is what an alert waits for.
const count = Number(process.argv[2])
const judge = new Judge(readRules())
const draw = randomFrom(2)
let minuteMs = 0
for (let minute = 0; minute < minutes; minute += 1) {
  const samples = Array.from({ length: count }, (_, i) => {
    const metric = metrics[i % metrics.length] ?? 'events'
    const value = metric === 'server_error_ratio' ? Math.floor(draw() * 2) : 100 + 50 * draw()
    return { metric, service: `service ${i}`, endpoint: '', value, of: metric === 'events' ? 0 : requests }
  })
  const startMs = performance.now()
  judge.learn({ seconds: minute * 60, samples, logins: [], busy: [], divided: [], admins: [] })
  minuteMs = Math.max(minuteMs, performance.now() - startMs)
}
process.stdout.write(JSON.stringify({ minuteMs, memoryMiB: process.memoryUsage.rss() / 2 ** 20 }))
