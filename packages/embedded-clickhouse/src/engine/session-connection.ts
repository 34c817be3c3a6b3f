import { exception } from '../http/errors.js'
import { firstWord } from '../sql/statement.js'
import type { Lease } from './connection-stock.js'
import type { Job } from './job.js'
import { query, type Connection } from './library.js'
import { formatQuery } from '../sql/format-query.js'
import { quoteName, quoteText } from '../sql/quote.js'

/** The connection of a session. What a request set for itself is gone when the next one comes. */
export class SessionConnection {
  #database = 'default'
  /** Parameters that requests brought: the engine can't forget one. */
  readonly #params = new Set<string>()
  /** Whether a SET has been run, so that a setting may have a value to go back to. */
  #hasSet = false
  /** The session's roles, as SET ROLE takes them, where a request has roles of its own. */
  #roles = 'DEFAULT'
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
    const old = [...this.#params].filter((name) => !given.has(name))
    if (old.length > 0 && job.sql.includes('{')) await this.#refuseOld(job, old)
    for (const name of given) this.#params.add(name)
    if (job.roles.length > 0) this.#roles = await this.#currentRoles()
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
    if (job.roles.length > 0) statements.push(`SET ROLE ${this.#roles}`)
    // What the statement itself has set is the session's.
    const own = job.settings.filter(
      ([name]) => name !== 'log_comment' && !(word === 'SET' && job.sql.includes(name)),
    )
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

  /** The engine's own formatter writes placeholders in one way only. */
  async #refuseOld(job: Job, names: readonly string[]): Promise<void> {
    const { bytes } = await query(this.connection, formatQuery(job.sql), 'RawBLOB')
    const formatted = bytes.toString().replaceAll(/'(?:[^'\\]|\\[\s\S])*'/g, "''")
    const name = names.find((old) => formatted.includes(`{${old}:`))
    if (name !== undefined)
      throw exception(456, 'UNKNOWN_QUERY_PARAMETER', `Substitution \`${name}\` is not set`)
  }

  async #currentRoles(): Promise<string> {
    const { bytes } = await query(this.connection, 'SELECT toJSONString(currentRoles())', 'RawBLOB')
    const roles = JSON.parse(bytes.toString()) as string[]
    return roles.length === 0 ? 'NONE' : roles.map(quoteName).join(', ')
  }

  async #currentDatabase(): Promise<string> {
    const { bytes } = await query(this.connection, 'SELECT currentDatabase()', 'RawBLOB')
    return bytes.toString()
  }
}
