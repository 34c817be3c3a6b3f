import { limits } from '../limits.js'
import { openConnection, query, type Connection } from './library.js'
import type { Job } from './job.js'
import type { UserLimits } from '../access/users.js'
import { statementsOf } from '../sql/external-table.js'
import { quoteName, quoteText } from '../sql/quote.js'

/**
 * Where this engine's defaults differ from what a server does: a client of a server waits for its own insert,
 * and a misspelt word is a syntax error.
 */
const serverDefaults = {
  async_insert: '0',
  implicit_select: '0',
  allow_introspection_functions: '0',
  storage_file_read_method: 'pread',
  // The size of a client's statement is looked at before; ours hold its parameters, too.
  max_query_size: String(4 * limits.statementBytesMax),
}

/** The settings that every connection of a user begins with. */
export function settingsOf(userLimits: UserLimits): Readonly<Record<string, string>> {
  return {
    ...serverDefaults,
    max_execution_time: String(userLimits.maxExecutionTimeS),
    max_memory_usage: String(userLimits.maxMemoryUsageBytes),
    max_result_rows: String(userLimits.maxResultRows),
  }
}

/**
 * Opens a connection with a server's defaults and a user's limits.
 *
 * @param key shows up among the settings in system.processes, where KILL QUERY looks.
 */
export function connect(
  path: string,
  userLimits: UserLimits,
  key: string,
  args: readonly string[] = [],
): Connection {
  const settings = Object.entries(settingsOf(userLimits)).map(([name, value]) => `--${name}=${value}`)
  return openConnection([`--path=${path}`, ...args, ...settings, `--log_comment=${key}`])
}

/** No limits but the machine's. */
export const unlimited: UserLimits = { maxExecutionTimeS: 0, maxMemoryUsageBytes: 0, maxResultRows: 0 }

/**
 * Puts a job's database, settings, parameters and role on its connection. A viewer's connection is closed to
 * changes afterwards, which nothing can undo.
 *
 * @throws the engine's error, as for an unknown setting (code 115) or database (81).
 */
export async function prepare(connection: Connection, job: Job): Promise<void> {
  // First, so that a viewer has no more rights in what follows.
  const statements: string[] = job.user.role === 'viewer' ? ['SET ROLE viewer'] : []
  if (job.database !== undefined) statements.push(`USE ${quoteName(job.database)}`)
  const settings = [
    ...job.settings.filter(([name]) => !isOurs(name, job)),
    ...job.params.map(([name, value]) => [`param_${name}`, value] as const),
  ]
  if (settings.length > 0)
    statements.push(
      `SET ${settings.map(([name, value]) => `${quoteName(name)} = ${quoteText(value)}`).join(', ')}`,
    )
  if (job.roles.length > 0) statements.push(`SET ROLE ${job.roles.map(quoteName).join(', ')}`)
  if (job.user.role === 'viewer') statements.push('SET readonly = 1')
  if (statements.length > 0) await query(connection, statements.join(';\n'), 'Null')
  // Each by itself, under the settings: what stands in one can't reach into the next.
  for (const statement of job.tables.flatMap(statementsOf)) await query(connection, statement, 'Null')
}

/** A viewer's connection is read-only whatever a client asks for, and a query is found by its connection's comment. */
function isOurs(name: string, job: Job): boolean {
  return name === 'log_comment' || (name === 'readonly' && job.user.role === 'viewer')
}
