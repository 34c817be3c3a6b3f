import { exception } from '../http/errors.js'
import { firstWord } from '../sql/statement.js'
import type { Lease } from './connection-stock.js'
import type { Job } from './job.js'
import { query, type Connection } from './library.js'
import { quoteName, quoteText } from '../sql/quote.js'

/** The connection of a session. What a request set for itself is gone when the next one comes. */
export class SessionConnection {
  #database = 'default'
  /** Parameters that requests brought: the engine can't forget one. */
  readonly #params = new Set<string>()
  /** Whether a SET has been run, so that a setting may have a value to go back to. */
  #hasSet = false
  /** Values of this request's settings that the session had before it. */
  #before: ReadonlyMap<string, string> = new Map()

  /** @param initial the settings that it was opened with. */
  constructor(
    private readonly lease: Lease,
    private readonly initial: Readonly<Record<string, string>>,
  ) {}

  get connection(): Connection {
    return this.lease.connection
  }

  /** What finds its query among the running ones. */
  get key(): string {
    return this.lease.key
  }

  /** Looks at a job before anything of it is set. @throws {ClickhouseError} 456 for a parameter of an earlier request. */
  async begin(job: Job): Promise<void> {
    const given = new Set(job.params.map(([name]) => name))
    for (const name of this.#params)
      if (!given.has(name) && hasPlaceholder(job.sql, name))
        throw exception(456, 'UNKNOWN_QUERY_PARAMETER', `Substitution \`${name}\` is not set`)
    for (const name of given) this.#params.add(name)
    this.#before = this.#hasSet ? await this.#changed(job) : new Map()
  }

  /** Puts things back after a job. */
  async restore(job: Job): Promise<void> {
    const word = firstWord(job.sql)
    if (word === 'SET') this.#hasSet = true
    const statements: string[] = []
    if (word === 'USE') this.#database = await this.#currentDatabase()
    else if (job.database !== undefined) statements.push(`USE ${quoteName(this.#database)}`)
    statements.push(...job.tables.map(({ name }) => `DROP TEMPORARY TABLE IF EXISTS ${quoteName(name)}`))
    if (job.roles.length > 0) statements.push('SET ROLE DEFAULT')
    const own = job.settings.filter(([name]) => name !== 'log_comment')
    if (own.length > 0) statements.push(`SET ${own.map(([name]) => this.#valueBefore(name)).join(', ')}`)
    if (statements.length > 0) await query(this.connection, statements.join(';\n'), 'Null')
  }

  #valueBefore(name: string): string {
    const value = this.#before.get(name) ?? this.initial[name]
    return `${quoteName(name)} = ${value === undefined ? 'DEFAULT' : quoteText(value)}`
  }

  async #changed(job: Job): Promise<ReadonlyMap<string, string>> {
    if (job.settings.length === 0) return new Map()
    const names = job.settings.map(([name]) => quoteText(name)).join(', ')
    const sql = `SELECT name, value FROM system.settings WHERE changed AND name IN (${names})`
    const { bytes } = await query(this.connection, sql, 'JSONCompactEachRow')
    const lines = bytes.toString().split('\n')
    return new Map(lines.filter((line) => line !== '').map((line) => JSON.parse(line) as [string, string]))
  }

  async #currentDatabase(): Promise<string> {
    const { bytes } = await query(this.connection, 'SELECT currentDatabase()', 'RawBLOB')
    return bytes.toString()
  }
}

function hasPlaceholder(sql: string, name: string): boolean {
  return /^\w+$/.test(name) && new RegExp(`\\{\\s*${name}\\s*:`).test(sql)
}
