import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  clickhouseReadUrlOf,
  dataFolder,
  flag,
  option,
  readOptions,
  stackOptions,
  UsageError,
} from '@pulsehouse/platform'
import { z } from 'zod'
import { pythonOption } from './python-option.js'
import { assetsFolder } from './server-folder.js'

const command = {
  usage: 'npm run superset -- [options]',
  summary:
    'Runs Superset with the dashboards over a stack that runs. The first time it installs Superset (Python 3.10 to 3.12, 200 MB); then it makes its database, the accounts and their passwords, and imports the dashboards.',
  options: {
    ...stackOptions,
    python: pythonOption,
    assets: option({
      flag: 'assets',
      value: 'DIR',
      help: 'Folder of the assets to import (default superset/assets)',
      schema: z
        .string()
        .default(assetsFolder)
        .transform((folder) => resolve(folder))
        .refine(isFolder, 'name a folder of assets that is there'),
    }),
    behindProxy: flag({
      flag: 'behind-proxy',
      env: 'PULSEHOUSE_SUPERSET_BEHIND_PROXY',
      help: 'A proxy with TLS stands in front: cookies are sent by https only, and X-Forwarded headers are believed',
    }),
    resetPassword: flag({
      flag: 'reset-password',
      help: 'Draw new passwords for the accounts admin and viewer',
    }),
  },
}

/** The settings of Superset. @throws UsageError with all violations at once. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv) {
  const { values } = readOptions(command, argv, env)
  return { ...values, folder: dataFolder(values.dataDir), readUrl: readerOf(values), env }
}

/** The settings of Superset. */
export type SupersetConfig = ReturnType<typeof readConfig>

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** Superset shows what it reads to whoever may log in there, so it never gets a user who may write. */
function readerOf(values: Parameters<typeof clickhouseReadUrlOf>[0]): string {
  if (values.clickhouseUrl !== undefined && values.clickhouseReadUrl === undefined)
    throw new UsageError(
      'Superset asks ClickHouse as a user who may only read: name it with --clickhouse-read-url http://viewer:PASSWORD@host:8123.',
    )
  return clickhouseReadUrlOf(values)
}
