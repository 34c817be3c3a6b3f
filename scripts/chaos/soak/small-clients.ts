import { expectAnswer, type ClientKind } from './client.js'

/** Statements that must fail, and the code that ClickHouse gives them. */
const badStatements: readonly (readonly [sql: string, code: number])[] = [
  ['SELEKT 1', 62],
  ['SELECT * FROM there_is_no_such_table', 60],
  ['SELECT there_is_no_such_function(1)', 46],
  ['SELECT there_is_no_such_column', 47],
  ["SELECT toUInt8('many')", 6],
  ['SELECT {missing:UInt8}', 456],
  ['INSERT INTO events (client) VALUES (1', 62],
  ['SELECT throwIf(number = 500000) FROM numbers(1000000)', 395],
  ['SELECT 1 SETTINGS there_is_no_such_setting = 1', 115],
  ['SELECT sleep(1) SETTINGS max_execution_time = 0.1', 159],
]

/** Sends statements that are wrong: each gets its own error. */
export const blunderer: ClientKind = {
  name: 'blunderer',
  open:
    ({ exchange, random, wrong }) =>
    async () => {
      const [sql, expected] = random.pick(badStatements)
      const { status, code, text } = await exchange.ask({ sql })
      if (code !== expected)
        wrong(
          `"${sql}" was answered with ${status} and code ${code} instead of ${expected}: ${text.slice(-200)}`,
        )
    },
}

/** Works with temporary tables in sessions; nobody else may see them. */
export const sessionUser: ClientKind = {
  name: 'session user',
  open: (tools) => {
    const { id, exchange, random, wrong } = tools
    let session = 0
    const ask = async (sql: string, expected: string): Promise<void> => {
      const parameters = { session_id: `soak-${id}-${session}`, session_timeout: '10' }
      const { text } = await exchange.ask({ sql, parameters })
      if (text !== expected) wrong(`"${sql}" in a session was answered with "${text.slice(0, 200)}".`)
    }
    return async () => {
      session += 1
      const rows = random.integer(1, 10_000)
      await ask('CREATE TEMPORARY TABLE kept (value UInt64)', '')
      await ask(`INSERT INTO kept SELECT number FROM numbers(${rows})`, '')
      await ask('SELECT count(), sum(value) FROM kept', `${rows}\t${(rows * (rows - 1)) / 2}\n`)
      const { code } = await exchange.ask({ sql: 'SELECT count() FROM kept' })
      if (code !== 60) wrong(`A temporary table was seen outside its session: code ${code}.`)
    }
  },
}

/** Asks whether the server is there, as a supervisor does. */
export const pinger: ClientKind = {
  name: 'pinger',
  open: (tools) => async () => {
    const { status, text } = await tools.exchange.ping()
    if (status !== 200 || text !== 'Ok.\n') tools.wrong(`A ping was answered with ${status} and "${text}".`)
    await expectAnswer(tools, 'SELECT 1', '1\n')
  },
}
