import {
  clickhouseUrlOf,
  connectClickhouse,
  migrationTimeoutMs,
  readOptions,
  retentionOption,
  runCommand,
  stackOptions,
} from '@pulsehouse/platform'
import { prepareSchema } from './schema.js'

const command = {
  usage: 'npm run migrate -- [options]',
  summary: 'Brings a ClickHouse server to the schema of this version.',
  options: {
    ...stackOptions,
    retentionDays: retentionOption,
  },
}

async function main(): Promise<number> {
  const { values: config } = readOptions(command, process.argv.slice(2), process.env)
  const url = clickhouseUrlOf(config)
  const clickhouse = connectClickhouse({
    url,
    application: 'pulsehouse-migrate',
    database: 'default',
    requestTimeoutMs: migrationTimeoutMs,
  })
  try {
    await clickhouse.reach()
    const applied = await prepareSchema(clickhouse, config.retentionDays)
    process.stdout.write(
      applied.length === 0 ? 'The schema is up to date.\n' : `Applied ${applied.join(', ')}.\n`,
    )
    return 0
  } finally {
    await clickhouse.close()
  }
}

await runCommand(main)
