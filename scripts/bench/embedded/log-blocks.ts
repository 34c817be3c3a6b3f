import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createProtection, formats } from '@pulsehouse/events'
import { BatchEncoder, chunkGroupOf } from '@pulsehouse/ingester'

/** A block of the product's own rows, as the ingester would send it to `pulsehouse.logs`. */
export interface LogBlock {
  columnNames: readonly string[]
  bytes: Buffer
}

const generator = join(import.meta.dirname, '../../../../packages/generator/dist/main.js')
const outputBytesMax = 256 * 1024 * 1024

/** Makes a block of generated events; the same seed on the same day gives the same events. @throws when the generator fails. */
export async function makeLogBlock(rows: number, seed: number): Promise<LogBlock> {
  const args = [generator, '--rate', '0', '--stdout', '--count', String(rows), '--seed', String(seed)]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    encoding: 'buffer',
    maxBuffer: outputBytesMax,
  })
  const chunk = {
    seq: seed,
    receivedAtMicros: Date.now() * 1000,
    contentType: formats.json.contentType,
    timeShiftMicros: 0,
    payload: stdout,
    pending: 0,
  }
  const encoder = new BatchEncoder(createProtection('pseudonyms', 'a'.repeat(64)))
  const { logs } = encoder.encode(chunkGroupOf([chunk]), Math.floor(Date.now() / 1000))
  if (logs.rows !== rows) throw new Error(`The generator's ${rows} events came to ${logs.rows} rows.`)
  return { columnNames: logs.columnNames, bytes: logs.encode() }
}
