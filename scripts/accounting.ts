import {
  clickhouseUrlOf,
  connectClickhouse,
  connectNats,
  createLogger,
  flag,
  natsUrlOf,
  readAccounting,
  readOptions,
  runCommand,
  stackOptions,
  type Accounting,
  type AccountingFault,
} from '@pulsehouse/platform'

const command = {
  usage: 'npm run accounting -- [options]',
  summary:
    'Proves that nothing is lost and nothing is doubled: accepted = stored + rejected + pending, and every rollup counts what is stored, minute by minute. Exits with 1 if it does not add up.',
  options: {
    json: flag({ flag: 'json', help: 'Print one JSON object' }),
    ...stackOptions,
  },
}

/** Whoever runs it wants the account, however busy the machine is, milliseconds. */
const requestTimeoutMs = 300_000
const integers = new Intl.NumberFormat('en')

async function main(): Promise<number> {
  const { values: config } = readOptions(command, process.argv.slice(2), process.env)
  const log = createLogger('accounting', 'silent')
  const nats = await connectNats({ url: natsUrlOf(config), name: 'pulsehouse-accounting', log })
  const clickhouse = connectClickhouse({
    url: clickhouseUrlOf(config),
    application: 'pulsehouse-accounting',
    requestTimeoutMs,
  })
  try {
    await clickhouse.reach()
    const accounting = await readAccounting(nats, clickhouse)
    process.stdout.write(config.json ? `${JSON.stringify(accounting)}\n` : describe(accounting))
    return accounting.balanced ? 0 : 1
  } finally {
    await nats.close()
    await clickhouse.close()
  }
}

function describe(accounting: Accounting): string {
  const { accepted, stored, rejected, pending, rolledUp, committedSeq, lastSeq, faults, balanced } =
    accounting
  const rows: [string, number][] = [
    ['accepted', accepted],
    ['stored', stored],
    ['rejected', rejected],
    ['pending', pending],
    ['in the rollups', rolledUp],
  ]
  const lines = [
    `Stream LOGS of ${accounting.stream}, stored up to chunk ${committedSeq} of ${lastSeq}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(14)}${integers.format(value).padStart(16)}`),
    ...faults.map((fault) => `  ${fault.kind}${placeOf(fault)}: ${fault.detail}`),
    balanced ? 'It adds up: nothing is lost, nothing is doubled.' : 'It does NOT add up.',
  ]
  return `${lines.join('\n')}\n`
}

/** Where a fault is: in which chunks, or in which minutes or hours. */
function placeOf({ range, times }: AccountingFault): string {
  if (range !== null) return ` in chunks ${range.first}-${range.last}`
  return times === null ? '' : ` from ${times.first} to ${times.last}`
}

await runCommand(main)
