import {
  connectNats,
  createLogger,
  integer,
  natsUrlOf,
  option,
  readIngestLag,
  readOptions,
  runCommand,
  stackOptions,
} from '@pulsehouse/platform'

const command = {
  usage: 'npm run lag -- [options]',
  summary:
    'Says how far the ingester is behind the queue; exits with 1 when it is too far, for health checks.',
  options: {
    maxSeconds: option({
      flag: 'max-seconds',
      value: 'N',
      help: 'How old the oldest chunk that is not stored may be (default 60)',
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
