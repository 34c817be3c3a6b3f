import type { Random } from '../random.js'
import type { Exchange } from './exchange.js'

/** What a client of the soak works with. */
export interface ClientTools {
  /** Its number among all clients. */
  id: number
  exchange: Exchange
  random: Random
  /** Takes a sentence about an answer that was wrong. */
  wrong: (sentence: string) => void
}

/** A kind of client: how it takes turns with the server for as long as the soak goes on. */
export interface ClientKind {
  name: string
  /** Opens one; every call of what it returns is one turn. */
  open: (tools: ClientTools) => () => Promise<void>
}

/** Asks and compares. */
export async function expectAnswer(tools: ClientTools, sql: string, expected: string): Promise<void> {
  const { status, text } = await tools.exchange.ask({ sql })
  if (status !== 200 || text !== expected)
    tools.wrong(
      `"${sql}" was answered with ${status} and "${text.slice(0, 200)}" instead of "${expected.slice(0, 200)}".`,
    )
}
