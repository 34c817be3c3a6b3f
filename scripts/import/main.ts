import { parseIsoMicros, type WireFormat } from '@pulsehouse/events'
import {
  clickhouseUrlOf,
  connectClickhouse,
  connectNats,
  createLogger,
  ensureLogStream,
  natsUrlOf,
  openPublisher,
  runCommand,
} from '@pulsehouse/platform'
import { readConfig } from './config.js'
import { hold, openInputs, type Input } from './input.js'
import { newestEventMicros } from './newest-event.js'
import { readOutcome, waitUntilStored, type Outcome } from './outcome.js'
import { openProgress } from './progress.js'
import { publishInputs } from './publish-inputs.js'

const integers = new Intl.NumberFormat('en')

async function main(): Promise<number> {
  const config = readConfig(process.argv.slice(2), process.env)
  const opened = openInputs(config.files)
  const log = createLogger('import', 'warn')
  const nats = await connectNats({ url: natsUrlOf(config), name: 'pulsehouse-import', log })
  const clickhouse = connectClickhouse({ url: clickhouseUrlOf(config), application: 'pulsehouse-import' })
  const progress = openProgress(process.stderr)
  try {
    await clickhouse.reach()
    await ensureLogStream(nats, config.queueBytes)
    const inputs = config.rebase === undefined ? opened : await Promise.all(opened.map(holdIfNeeded))
    const shift = config.rebase === undefined ? 0 : await shiftTo(config.rebase, inputs, config.format)
    const publisher = openPublisher(nats, { subject: 'logs.import', log })
    const published = await publishInputs(publisher, inputs, config.format, shift, progress)
    progress.end()
    say(`Accepted ${integers.format(published.lines)} events (${integers.format(published.bytes)} bytes).`)
    if (published.chunks.length === 0) return 0
    const lastSeq = Math.max(...published.chunks.map(({ seq }) => seq))
    await waitUntilStored(nats, lastSeq, (left) =>
      progress.show(`storing, ${left} chunks to go`, 0, undefined, published.lines),
    )
    progress.end()
    report(await readOutcome(nats, clickhouse, published.chunks))
    return 0
  } finally {
    progress.end()
    await nats.close()
    await clickhouse.close()
  }
}

async function holdIfNeeded(input: Input): Promise<Input> {
  return input.sizeBytes === undefined ? hold(input) : input
}

/** How far the events must move for the newest to be at the given time, microseconds. */
async function shiftTo(time: string, inputs: readonly Input[], format: WireFormat): Promise<number> {
  const newest = await newestEventMicros(inputs, format)
  const target = time === 'now' ? Date.now() * 1000 : (parseIsoMicros(time) ?? 0)
  return newest === undefined ? 0 : target - newest
}

function report({ stored, rejected }: Outcome): void {
  const total = rejected.reduce((sum, { count }) => sum + count, 0)
  say(`Stored ${integers.format(stored)}, rejected ${integers.format(total)}.`)
  for (const { count, reason, detail, file, line } of rejected.toSorted((a, b) => b.count - a.count)) {
    say(`  ${integers.format(count)} × ${reason}, first at ${file}, line ${line}: ${detail}`)
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

await runCommand(main)
