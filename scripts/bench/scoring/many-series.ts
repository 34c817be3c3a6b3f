import { SeriesEngine } from '@pulsehouse/detector'
import { randomFrom } from './random.js'

/** Minutes that the series are judged for: enough for their memory to be what it will be. */
const minutes = 1_100

// A process of its own, because its memory is what is measured: how many series, as the only word. It prints the slowest
// minute, because that is what an alert waits for.
const engines = Array.from({ length: Number(process.argv[2]) }, () => new SeriesEngine('ops', 60))
const draw = randomFrom(2)
let minuteMs = 0
for (let minute = 0; minute < minutes; minute += 1) {
  const startMs = performance.now()
  for (const engine of engines) engine.add(minute * 60, 100 + 50 * draw())
  minuteMs = Math.max(minuteMs, performance.now() - startMs)
}
process.stdout.write(JSON.stringify({ minuteMs, memoryMiB: process.memoryUsage.rss() / 2 ** 20 }))
