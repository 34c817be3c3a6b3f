import { join, resolve } from 'node:path'
import { z } from 'zod'
import { privacyModes } from '@pulsehouse/events'
import { integer, option } from './options.js'

/**
 * The options that say which stack a command talks to. Every command takes all of them, whichever it needs: two stacks
 * run side by side by giving each its own, and the same words then go with every command.
 */
export const stackOptions = {
  dataDir: option({
    flag: 'data-dir',
    env: 'PULSEHOUSE_DATA_DIR',
    value: 'DIR',
    help: 'Folder of everything that is stored (default .data)',
    schema: z
      .string()
      .default(join(import.meta.dirname, '../../../.data'))
      .transform((dir) => resolve(dir)),
  }),
  natsPort: option({
    flag: 'nats-port',
    env: 'PULSEHOUSE_NATS_PORT',
    value: 'N',
    help: 'Port of nats-server on loopback (default 4222)',
    schema: integer(1, 65_535, 4222),
  }),
  natsUrl: option({
    flag: 'nats-url',
    env: 'NATS_URL',
    value: 'URL',
    help: 'A running nats-server to use instead of our own',
    schema: z.url().optional(),
  }),
  clickhousePort: option({
    flag: 'clickhouse-port',
    env: 'PULSEHOUSE_CLICKHOUSE_PORT',
    value: 'N',
    help: 'Port of the embedded ClickHouse on loopback (default 8123)',
    schema: integer(1, 65_535, 8123),
  }),
  clickhouseUrl: option({
    flag: 'clickhouse-url',
    env: 'CLICKHOUSE_URL',
    value: 'URL',
    help: 'A running ClickHouse server to use instead of the embedded one (http://user:password@host:8123)',
    schema: z.url().optional(),
  }),
  clickhouseReadUrl: option({
    flag: 'clickhouse-read-url',
    env: 'CLICKHOUSE_READ_URL',
    value: 'URL',
    help: 'The same ClickHouse as a user who may only read; the API asks by it (default: viewer of the embedded one, else --clickhouse-url)',
    schema: z.url().optional(),
  }),
  apiPort: option({
    flag: 'api-port',
    env: 'PULSEHOUSE_API_PORT',
    value: 'N',
    help: 'Port of the REST API (default 8080)',
    schema: integer(1, 65_535, 8080),
  }),
  supersetPort: option({
    flag: 'superset-port',
    env: 'PULSEHOUSE_SUPERSET_PORT',
    value: 'N',
    help: 'Port of Superset (default 8088)',
    schema: integer(1, 65_535, 8088),
  }),
  queueBytes: option({
    flag: 'queue-bytes',
    env: 'PULSEHOUSE_QUEUE_BYTES',
    value: 'N',
    help: 'Size of the queue on disk; producers wait when it is full (default 2147483648)',
    schema: integer(1024 * 1024, 2 ** 50, 2 * 1024 * 1024 * 1024),
  }),
} as const

/** How personal data is stored. Whoever writes it and whoever looks people up must be told the same. */
export const privacyOption = option({
  flag: 'privacy',
  env: 'PRIVACY',
  value: 'MODE',
  help: 'pseudonyms (default), or plain: users and addresses in clear, for those who may',
  schema: z.enum(privacyModes).default('pseudonyms'),
})

/** How long events are kept. */
export const retentionOption = option({
  flag: 'retention-days',
  env: 'PULSEHOUSE_RETENTION_DAYS',
  value: 'N',
  help: 'Days after their arrival for which events are kept (default 30)',
  schema: integer(1, 3_650, 30),
})

/** Address of the NATS server that the options mean. */
export function natsUrlOf(values: { natsUrl: string | undefined; natsPort: number }): string {
  return values.natsUrl ?? `nats://127.0.0.1:${values.natsPort}`
}

/** Address of the ClickHouse server that the options mean. */
export function clickhouseUrlOf(values: {
  clickhouseUrl: string | undefined
  clickhousePort: number
}): string {
  return values.clickhouseUrl ?? `http://127.0.0.1:${values.clickhousePort}`
}

/**
 * Address of the same server as the user who may only read. The embedded one has such a user, without a password; of
 * another server nothing is known but what the options say.
 */
export function clickhouseReadUrlOf(values: {
  clickhouseUrl: string | undefined
  clickhouseReadUrl: string | undefined
  clickhousePort: number
}): string {
  return (
    values.clickhouseReadUrl ?? values.clickhouseUrl ?? `http://viewer@127.0.0.1:${values.clickhousePort}`
  )
}

/** Where each thing lies in a data folder. */
export function dataFolder(dataDir: string) {
  return {
    root: dataDir,
    clickhouse: join(dataDir, 'clickhouse'),
    nats: join(dataDir, 'nats'),
    logs: join(dataDir, 'logs'),
    run: join(dataDir, 'run'),
    bin: join(dataDir, 'bin'),
    keys: join(dataDir, 'keys.json'),
    apiKey: join(dataDir, 'api-key'),
    superset: join(dataDir, 'superset'),
  }
}
