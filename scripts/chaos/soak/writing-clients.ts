import { insertSettings, NativeBlock, type Column } from '@pulsehouse/platform'
import { expectAnswer, type ClientKind, type ClientTools } from './client.js'
import { ExchangeError } from './exchange.js'

const batchesKept = 100
const rowsMax = 2_000

/** Inserts batches, checks after some what its partition holds, and throws it away when it has grown. */
export const inserter: ClientKind = {
  name: 'inserter',
  open: (tools) => {
    const { id, random } = tools
    let batches = 0
    let rows = 0
    let sum = 0
    return async () => {
      if (batches === batchesKept) {
        await expectAnswer(tools, `ALTER TABLE events DROP PARTITION ${id}`, '')
        batches = rows = sum = 0
      }
      const values = Array.from({ length: random.integer(1, rowsMax) }, () => random.integer(0, 999_999))
      await insert(tools, batches, values)
      batches += 1
      rows += values.length
      sum = values.reduce((total, value) => total + value, sum)
      if (batches % 10 !== 0) return
      const sql = `SELECT count(), sum(value), uniqExact(batch) FROM events WHERE client = ${id}`
      await expectAnswer(tools, sql, `${rows}\t${sum}\t${batches}\n`)
    }
  },
}

async function insert(
  { id, exchange, wrong }: ClientTools,
  batch: number,
  values: readonly number[],
): Promise<void> {
  const lines = values.map((value) => JSON.stringify({ client: id, batch, value, note: `note ${value}` }))
  const data = Buffer.from(lines.join('\n'))
  const { status, text } = await exchange.ask({ sql: 'INSERT INTO events FORMAT JSONEachRow', data })
  if (status !== 200) wrong(`An insert was answered with ${status}: ${text.slice(0, 200)}`)
}

/** Breaks its inserts off in the middle, large ones and small: nothing of them may arrive. */
export const breaker: ClientKind = {
  name: 'breaker',
  open: (tools) => {
    const { id, exchange, random } = tools
    const line = `${JSON.stringify({ client: id, value: 1, note })}\n`
    const columns: Column<number>[] = [
      { name: 'client', type: 'UInt32', value: () => id },
      { name: 'value', type: 'UInt64', value: (row) => row },
      { name: 'note', type: 'String', value: () => note },
    ]
    const block = new NativeBlock(columns)
    for (let row = 0; row < 10_000; row += 1) block.add(row)
    const native = block.encode()
    return async () => {
      // The engine reads the second kind while it is being received, the first one when it is whole.
      const [format, written] = random.pick([
        ['JSONEachRow', Buffer.from(line.repeat(random.integer(1, 2_000)))],
        ['Native', native.subarray(0, random.integer(1, native.length - 1))],
      ] as const)
      await leaveInTheMiddle(
        exchange.ask({
          sql: `INSERT INTO broken_off FORMAT ${format}`,
          parameters: insertSettings,
          data: Buffer.alloc(0),
          leave: (request) => {
            request.setHeader('Content-Length', format === 'Native' ? native.length : written.length + 1)
            request.write(written, () => setTimeout(() => request.destroy(), random.integer(0, 20)))
            // The end of the body never comes.
            request.end = () => request
          },
        }),
      )
      await expectAnswer(tools, `SELECT count() FROM broken_off WHERE client = ${id}`, '0\n')
    }
  },
}

const note = 'x'.repeat(200)

/** Waits for the end of an exchange that the client itself breaks off. @throws when it was stuck instead. */
export async function leaveInTheMiddle(exchange: Promise<unknown>): Promise<void> {
  try {
    await exchange
  } catch (error) {
    if (!(error instanceof ExchangeError) || error.message.includes('stuck')) throw error
  }
}
