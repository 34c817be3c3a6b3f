import type { Job } from './engine-messages.js'
import type { Connection, Native } from './native.js'

/**
 * Where this engine's defaults differ from what a server does: a client of a server waits for its own insert,
 * and a misspelt word is a syntax error.
 */
const serverDefaults = [
  '--async_insert=0',
  '--implicit_select=0',
  '--allow_introspection_functions=0',
  '--storage_file_read_method=pread',
]

/** Opens a connection with a server's defaults. */
export function connect(native: Native, path: string, args: readonly string[] = []): Connection {
  return native.CreateConnection(path, [...args, ...serverDefaults])
}

/**
 * Puts a job's database, settings and parameters on its connection.
 *
 * @throws the engine's error, as for an unknown setting (code 115) or database (81).
 */
export function prepare(native: Native, connection: Connection, job: Job): void {
  const run = (sql: string): void => void native.QueryWithConnection(connection, sql, 'Null')
  if (job.database !== undefined) run(`USE ${quoteName(job.database)}`)
  const settings = [
    ...job.settings,
    ...job.params.map(([name, value]) => [`param_${name}`, value] as const),
    // The engine gives no query an id of ours; this setting shows up in system.processes, where KILL QUERY looks.
    ['log_comment', job.queryId] as const,
  ]
  run(`SET ${settings.map(([name, value]) => `${quoteName(name)} = ${quoteText(value)}`).join(', ')}`)
  // As a server does for GET. In a session it could not be undone; there the worker refuses what writes.
  if (job.readOnly && job.sessionId === undefined && !job.settings.some(([name]) => name === 'readonly'))
    run('SET readonly = 2')
}

/** Takes a job's settings off the connection of a session, so that the next request starts without them. */
export function restore(native: Native, connection: Connection, job: Job): void {
  if (job.settings.length === 0) return
  const names = job.settings.map(([name]) => `${quoteName(name)} = DEFAULT`)
  native.QueryWithConnection(connection, `SET ${names.join(', ')}`, 'Null')
}

/** A string literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** A name in backquotes. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
}
