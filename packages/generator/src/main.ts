import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { formats } from '@pulsehouse/events'
import {
  clickhouseUrlOf,
  connectNats,
  createLogger,
  ensureLogStream,
  natsUrlOf,
  openPublisher,
  readOptions,
  runCommand,
  runPart,
  type Logger,
  type RunningPart,
} from '@pulsehouse/platform'
import { generateCommand, type GeneratorOptions } from './options.js'
import { publisherSink } from './output/publisher-sink.js'
import { recordPlanted } from './output/record-planted.js'
import { run } from './output/run.js'
import { planRun, type RunPlan } from './output/run-plan.js'
import { streamSink } from './output/stream-sink.js'

/** Chunks on their way to the queue at a time. */
const unacknowledgedMax = 16

/** How long a shutdown waits for the queue to take what was drawn, in milliseconds. */
const settleMaxMs = 5_000

/** Prints events until the end, a signal, or until nobody reads them any more. Nothing else goes to the output. */
async function print(options: GeneratorOptions, plan: RunPlan): Promise<void> {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  process.once('SIGTERM', () => stop.abort())
  try {
    await run(options, plan, streamSink(process.stdout), stop.signal, () => undefined)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
  }
}

/** Publishes events until the end or a signal. */
async function publish(options: GeneratorOptions, plan: RunPlan, log: Logger): Promise<RunningPart> {
  const { rate, seed, format, queueBytes } = options
  await recordPlanted(clickhouseUrlOf(options), plan)
  const nats = await connectNats({ url: natsUrlOf(options), name: 'generator', log })
  await ensureLogStream(nats, queueBytes)
  const publisher = openPublisher(nats, { subject: 'logs.generator', log })
  const { contentType } = formats[format]
  const sink = publisherSink(publisher, { runId: randomUUID(), contentType, unacknowledgedMax })
  const stop = new AbortController()
  const running = run(options, plan, sink, stop.signal, (standstillMs) => {
    log.warn({ standstillMs }, 'the events could not be sent in time; the shop stood still meanwhile')
  })
  log.info({ rate, seed, format, incidents: plan.incidents.length }, 'the shop is open')
  return {
    // At its own end the generator has to let go of the connection itself, or the process would not end.
    done: running.then(() => (stop.signal.aborted ? undefined : nats.close())),
    stop: [
      {
        name: 'stop drawing and wait for acknowledgements',
        run: async () => {
          stop.abort()
          const waited = setTimeout(settleMaxMs, 'late', { ref: false })
          const outcome = await Promise.race([running, waited])
          if (outcome === 'late') log.warn('the queue has not taken the last chunks; they are given up')
        },
      },
      { name: 'close the publisher', run: () => publisher.close() },
      { name: 'close NATS', run: () => nats.close() },
    ],
  }
}

await runCommand(async () => {
  const { values } = readOptions(generateCommand, process.argv.slice(2), process.env)
  const plan = planRun(values)
  if (values.stdout) {
    await print(values, plan)
  } else {
    const log = createLogger('generator')
    await runPart(log, () => publish(values, plan, log))
  }
  return 0
})
