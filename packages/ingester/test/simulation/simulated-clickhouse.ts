import type { SequenceRange } from '@pulsehouse/platform'

/** A table that ignores the tokens that it remembers. */
class SimulatedTable {
  /** How often each chunk is in it, by id. */
  readonly counts: number[] = []
  readonly #tokensMax: number
  readonly #tokens: string[] = []

  constructor(tokensMax: number) {
    this.#tokensMax = tokensMax
  }

  insert(token: string, ids: readonly number[]): void {
    if (this.#tokens.includes(token)) return
    for (const id of ids) this.counts[id] = (this.counts[id] ?? 0) + 1
    this.#tokens.push(token)
    if (this.#tokens.length > this.#tokensMax) this.#tokens.shift()
  }
}

/** The tables of the logs: where each row is to be once. */
const logTables = ['raw', 'minutes', 'hours'] as const

/** A table of the logs. */
export type LogTable = (typeof logTables)[number]

/** How many tokens each table remembers. */
export type Windows = Record<LogTable | 'ledger', number>

/** The tables, each with a window of its own. */
export class SimulatedClickhouse {
  readonly logs: { name: LogTable; table: SimulatedTable }[]
  readonly #ledgerTable: SimulatedTable
  readonly #ledger: { created: string; range: SequenceRange }[] = []

  constructor(windows: Windows) {
    this.logs = logTables.map((name) => ({ name, table: new SimulatedTable(windows[name]) }))
    this.#ledgerTable = new SimulatedTable(windows.ledger)
  }

  /** Adds to the ledger, once a token. */
  list(token: string, created: string, range: SequenceRange, ids: readonly number[]): void {
    this.#ledgerTable.insert(token, ids)
    this.#ledger.push({ created, range })
  }

  /** The last range of a stream that the ledger has. */
  lastOf(created: string): SequenceRange | undefined {
    let last: SequenceRange | undefined
    for (const { created: of, range } of this.#ledger)
      if (of === created && range.last > (last?.last ?? 0)) last = range
    return last
  }

  /** What is wrong with a chunk; undefined where it is everywhere once, or where it may also be missing. */
  faultOf(id: number, mayMiss: boolean): string | undefined {
    const all = [...this.logs, { name: 'ledger', table: this.#ledgerTable }]
    for (const { name, table } of all) {
      const count = table.counts[id] ?? 0
      if (count > 1 || (count === 0 && !mayMiss)) return `chunk ${id} is ${count} times in ${name}`
    }
    return undefined
  }
}
