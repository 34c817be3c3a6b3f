import {
  connectNats,
  createLogger,
  integer,
  natsUrlOf,
  option,
  readDetectorLag,
  readIngestLag,
  readOptions,
  runCommand,
  stackOptions,
} from '@pulsehouse/platform'
import { z } from 'zod'

const command = {
  usage: 'npm run lag -- [options]',
  summary:
    'Says how far the ingester is behind the queue, or the detector behind the time; exits with 1 when it is too far, for health checks.',
  options: {
    of: option({
      flag: 'of',
      value: 'PART',
      help: 'ingester (default) or detector',
      schema: z.enum(['ingester', 'detector'], { error: 'must be ingester or detector' }).default('ingester'),
    }),
    maxSeconds: option({
      flag: 'max-seconds',
      value: 'N',
      help: 'How old the oldest chunk that is not stored may be, or the newest judged minute (default 60)',
      schema: integer(0, 86_400, 60),
    }),
    ...stackOptions,
  },
}

async function main(): Promise<number> {
  const { values: config } = readOptions(command, process.argv.slice(2), process.env)
  const log = createLogger('lag', 'silent')
  const nats = await connectNats({ url: natsUrlOf(config), name: 'pulsehouse-lag', log })
  try {
    if (config.of === 'detector') {
      const seconds = await readDetectorLag(nats, Date.now())
      process.stdout.write(
        seconds === Infinity
          ? 'no minute has been judged yet\n'
          : `the last minute that was judged ended ${seconds.toFixed(0)} s ago\n`,
      )
      return seconds > config.maxSeconds ? 1 : 0
    }
    const { chunks, seconds } = await readIngestLag(nats, Date.now())
    process.stdout.write(
      `${chunks} chunks are not stored yet; the oldest has waited for ${seconds.toFixed(1)} s\n`,
    )
    return seconds > config.maxSeconds ? 1 : 0
  } finally {
    await nats.close()
  }
}

await runCommand(main)
