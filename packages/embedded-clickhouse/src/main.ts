import { resolve } from 'node:path'
import {
  createLogger,
  dataFolder,
  integer,
  option,
  readOptions,
  runCommand,
  runPart,
  stackOptions,
  type CommandDescription,
} from '@pulsehouse/platform'
import { z } from 'zod'
import { checkHost, userOptions, usersOf } from './access/user-options.js'
import { makeFolder } from './engine/data-folder.js'
import { limits } from './limits.js'
import { hasServerEnvironment, relay, spawnServer } from './process/child.js'
import { serve } from './http/server.js'

/** Without a default of its own: the stack's port stands in for it. */
const portOrNone = z
  .string()
  .transform(Number)
  .pipe(z.int('must be a whole number from 0 to 65535').min(0).max(65_535))
  .optional()

const options = {
  ...stackOptions,
  tables: option({
    flag: 'data',
    env: 'PULSEHOUSE_CLICKHOUSE_DATA',
    value: 'DIR',
    help: 'Folder of the tables (default: clickhouse in the data folder of the stack)',
    schema: z
      .string()
      .transform((dir) => resolve(dir))
      .optional(),
  }),
  port: option({
    flag: 'port',
    value: 'N',
    help: 'Port of the HTTP interface; 0 picks a free one (default: --clickhouse-port)',
    schema: portOrNone,
  }),
  host: option({
    flag: 'host',
    value: 'NAME',
    help: 'Address to listen on; another one than loopback needs passwords (default 127.0.0.1)',
    schema: z.string().default('127.0.0.1'),
  }),
  queryLogBytes: option({
    flag: 'query-log-bytes',
    value: 'N',
    help: `How much system.query_log keeps, in bytes of JSON (default ${limits.queryLogBytes})`,
    schema: integer(64 * 1024, 2 ** 50, limits.queryLogBytes),
  }),
  ...userOptions,
}

const command: CommandDescription<typeof options> = {
  usage: 'npm run clickhouse -- [options]',
  summary: "ClickHouse's HTTP interface over the in-process engine: a ClickHouse without a server or Docker.",
  options,
}

await runCommand(async () => {
  const args = process.argv.slice(2)
  const { values } = readOptions(command, args, process.env)
  const {
    host,
    queryLogBytes,
    viewerDatabases,
    port = values.clickhousePort,
    tables: dataDir = dataFolder(values.dataDir).clickhouse,
  } = values
  const users = usersOf(values)
  checkHost(host, users)
  makeFolder(dataDir)
  if (!hasServerEnvironment(dataDir, process.env)) {
    relay(spawnServer(dataDir, args, ['inherit', 'inherit', 'inherit', 'ipc'], process.env))
    return 0
  }
  const log = createLogger('clickhouse')
  await runPart(log, async () => {
    if (process.env['EMBEDDED_CLICKHOUSE_CONFINED'] === undefined)
      log.warn(
        'This system has no Landlock (Linux 5.19 or newer has): whoever may query can read the files that this process can, by the function file().',
      )
    const server = await serve({ dataDir, port, host, users, viewerDatabases, queryLogBytes, log })
    log.info({ url: `http://${host}:${server.port}`, data: dataDir }, 'listening')
    process.send?.({ port: server.port })
    return {
      stop: [
        { name: 'stop listening', run: () => server.stopListening() },
        { name: 'close the engine', run: () => server.closeEngine() },
      ],
    }
  })
  return 0
})
