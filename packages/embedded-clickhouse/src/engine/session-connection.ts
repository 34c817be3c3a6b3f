import { firstWord } from '../sql/statement.js'
import type { Job } from './job.js'
import { query, type Connection } from './library.js'
import { quoteName } from './prepare.js'

/** The connection of a session. What a request set for itself is gone when the next one comes. */
export class SessionConnection {
  #database = 'default'

  constructor(readonly connection: Connection) {}

  /** Puts things back after a job. */
  async restore(job: Job): Promise<void> {
    const statements: string[] = []
    if (job.settings.length > 0)
      statements.push(`SET ${job.settings.map(([name]) => `${quoteName(name)} = DEFAULT`).join(', ')}`)
    if (job.roles.length > 0) statements.push('SET ROLE DEFAULT')
    if (firstWord(job.sql) === 'USE') this.#database = await this.#currentDatabase()
    else if (job.database !== undefined) statements.push(`USE ${quoteName(this.#database)}`)
    if (statements.length > 0) await query(this.connection, statements.join(';\n'), 'Null')
  }

  async #currentDatabase(): Promise<string> {
    const { bytes } = await query(this.connection, 'SELECT currentDatabase()', 'RawBLOB')
    return bytes.toString()
  }
}
