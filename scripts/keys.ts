import { userInfo } from 'node:os'
import { z } from 'zod'
import {
  connectNats,
  createLogger,
  flag,
  keyNameCharsMax,
  keyRoles,
  natsUrlOf,
  openKeyStore,
  option,
  readOptions,
  runCommand,
  stackOptions,
  UsageError,
  type ApiKey,
  type KeyStore,
} from '@pulsehouse/platform'

const command = {
  usage: 'npm run keys -- create --name NAME --role ROLE,… | list | revoke ID [options]',
  summary:
    'Makes, lists and revokes the keys of the API. A key is shown once, when it is made; what is kept is its hash. A change counts at once.',
  positionals: true,
  options: {
    name: option({
      flag: 'name',
      value: 'NAME',
      help: 'What the key is for (create)',
      schema: z.string().trim().min(1).max(keyNameCharsMax).optional(),
    }),
    roles: option({
      flag: 'role',
      value: 'ROLE,…',
      help: `What its holder may do (create): ${keyRoles.join(', ')}`,
      schema: z
        .string()
        .transform((text) => [...new Set(text.split(','))])
        .pipe(z.array(z.enum(keyRoles, { error: `takes only ${keyRoles.join(', ')}` })))
        .optional(),
    }),
    json: flag({ flag: 'json', help: 'Print JSON' }),
    ...stackOptions,
  },
}

type Config = ReturnType<typeof readOptions<(typeof command)['options']>>['values']

async function main(): Promise<number> {
  const { values: config, positionals } = readOptions(command, process.argv.slice(2), process.env)
  const run = actionOf(config, positionals)
  const log = createLogger('keys', 'silent')
  const nats = await connectNats({ url: natsUrlOf(config), name: 'pulsehouse-keys', log })
  try {
    const keys = await openKeyStore(nats)
    return await run(keys).finally(() => keys.close())
  } finally {
    await nats.close()
  }
}

/** What the words ask for; whatever is wrong with them is said before anything is connected to. */
function actionOf(config: Config, [action, ...rest]: string[]): (keys: KeyStore) => Promise<number> {
  const [id, ...more] = rest
  if (action === 'list' && id === undefined) return async (keys) => list(keys, config.json)
  if (action === 'revoke' && id !== undefined && more.length === 0) return async (keys) => revoke(keys, id)
  if (action === 'create' && id === undefined) {
    const { name, roles, json } = config
    if (name !== undefined && roles !== undefined) return async (keys) => create(keys, { name, roles }, json)
    throw new UsageError(
      'A key needs --name NAME, what it is for, and --role ROLE,…, what its holder may do.',
    )
  }
  throw new UsageError(`Say what to do: ${command.usage}`)
}

/** The key alone goes to standard output, so that it can be put into a variable or a file. */
async function create(keys: KeyStore, grant: Pick<ApiKey, 'name' | 'roles'>, json: boolean): Promise<number> {
  const { key, made } = await keys.make({ ...grant, createdBy: `npm run keys (${userName()})` })
  process.stdout.write(json ? `${JSON.stringify({ key, ...made })}\n` : `${key}\n`)
  if (!json)
    process.stderr.write(`Key ${made.id} (${made.roles.join(', ')}); it is not shown again: keep it now.\n`)
  return 0
}

async function list(keys: KeyStore, json: boolean): Promise<number> {
  const all = keys.list()
  process.stdout.write(json ? `${JSON.stringify(all)}\n` : tableOf(all))
  return 0
}

async function revoke(keys: KeyStore, id: string): Promise<number> {
  if (!(await keys.revoke(id))) throw new Error(`There is no key ${id}; npm run keys -- list shows them.`)
  process.stderr.write(`Key ${id} is revoked.\n`)
  return 0
}

function tableOf(keys: readonly ApiKey[]): string {
  const rows = keys.map(({ id, name, roles, createdAt, createdBy }) => [
    id,
    roles.join(','),
    createdAt,
    createdBy,
    name,
  ])
  const table = [['id', 'roles', 'made', 'by', 'name'], ...rows]
  const widths = table.reduce<number[]>(
    (widest, row) => row.map((cell, at) => Math.max(cell.length, widest[at] ?? 0)),
    [],
  )
  return table
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a user that has no name.
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}

await runCommand(main)
