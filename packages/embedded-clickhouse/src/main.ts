import { join, resolve } from 'node:path'
import {
  createLogger,
  dataFolder,
  integer,
  option,
  readOptions,
  runCommand,
  runPart,
  type CommandDescription,
} from '@pulsehouse/platform'
import { z } from 'zod'
import { hasServerEnvironment, relay, spawnServer } from './process/child.js'
import { serve } from './http/server.js'

const options = {
  dataDir: option({
    flag: 'data',
    env: 'PULSEHOUSE_CLICKHOUSE_DATA',
    value: 'DIR',
    help: 'Folder of the tables (default .data/clickhouse)',
    schema: z
      .string()
      .default(dataFolder(join(import.meta.dirname, '../../../.data')).clickhouse)
      .transform((dir) => resolve(dir)),
  }),
  port: option({
    flag: 'port',
    env: 'PULSEHOUSE_CLICKHOUSE_PORT',
    value: 'N',
    help: 'Port of the HTTP interface; 0 picks a free one (default 8123)',
    schema: integer(0, 65_535, 8123),
  }),
  host: option({
    flag: 'host',
    value: 'NAME',
    help: 'Address to listen on; there is no password, so keep it local (default 127.0.0.1)',
    schema: z.string().default('127.0.0.1'),
  }),
}

const command: CommandDescription<typeof options> = {
  usage: 'npm run clickhouse -- [options]',
  summary: "ClickHouse's HTTP interface over the in-process engine: a ClickHouse without a server or Docker.",
  options,
}

await runCommand(async () => {
  const args = process.argv.slice(2)
  const { values } = readOptions(command, args, process.env)
  if (!hasServerEnvironment(process.env)) {
    relay(spawnServer(args, ['inherit', 'inherit', 'inherit', 'ipc']))
    return 0
  }
  const log = createLogger('clickhouse')
  await runPart(log, async () => {
    const server = await serve({ ...values, log })
    log.info({ url: `http://${values.host}:${server.port}`, data: values.dataDir }, 'listening')
    process.send?.({ port: server.port })
    return {
      stop: [
        { name: 'stop listening', run: () => server.stopListening() },
        { name: 'close the engine', run: () => server.closeEngine() },
      ],
      done: server.failed,
    }
  })
  return 0
})
