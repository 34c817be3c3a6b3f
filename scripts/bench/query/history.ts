import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createProtection, formats } from '@pulsehouse/events'
import { BatchEncoder, openBatch, type OpenBatch } from '@pulsehouse/ingester'
import { openBlockInserter, type BlockInserter, type Chunk, type Clickhouse } from '@pulsehouse/platform'

const generator = join(import.meta.dirname, '../../../../packages/generator/dist/main.js')
const chunkBytes = 512 * 1024
const batchRows = 100_000
const microsPerDay = 86_400_000_000
/** Whatever the history is made from, its chunks stand behind none of the queue's. */
const streamCreatedSeconds = Date.UTC(2020, 0, 1) / 1000
const seqPerDay = 1_000_000

/** What traffic is stored, and who is told how far it is. */
export interface HistoryOptions {
  /** Of the generator, beside `--rate 0 --stdout`: its `--start`, `--duration`, `--sim-rate` and the rest. */
  args: readonly string[]
  report: (line: string) => void
}

/**
 * Stores traffic of the past as the ingester would store it, from the generator's output to the table and its views.
 *
 * @throws when the generator fails or ClickHouse does not take a batch: what is stored then is no history.
 */
export async function storeHistory(clickhouse: Clickhouse, { args, report }: HistoryOptions): Promise<void> {
  const child = spawn(process.execPath, [generator, '--rate', '0', '--stdout', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const inserter = openBlockInserter(clickhouse.url)
  const history = new HistoryWriter(inserter, report)
  try {
    for await (const chunk of chunksOf(child.stdout)) await history.add(chunk)
    await history.end()
    const code = await ended
    if (code !== 0) throw new Error(`The generator ended with code ${code}; its message is above.`)
  } finally {
    child.kill()
    inserter.close()
  }
}

/** Cuts what the generator prints into chunks of whole lines. */
async function* chunksOf(output: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of output) {
    pieces.push(piece as Buffer)
    bytes += (piece as Buffer).length
    if (bytes < chunkBytes) continue
    const all = Buffer.concat(pieces)
    const end = all.lastIndexOf(10, chunkBytes - 1) + 1
    yield all.subarray(0, end)
    pieces = [all.subarray(end)]
    bytes = all.length - end
  }
  if (bytes > 0) yield Buffer.concat(pieces)
}

/**
 * Stores a day of the shop's traffic that ends now.
 *
 * @param rate events a second.
 */
export async function storeDay(
  clickhouse: Clickhouse,
  rate: number,
  report: (line: string) => void,
): Promise<void> {
  const start = new Date(Date.now() - microsPerDay / 1000).toISOString()
  const traffic = ['--steady', '--seed', '5', '--sim-rate', String(rate)]
  await storeHistory(clickhouse, { args: [...traffic, '--start', start, '--duration', '86400'], report })
}

/** Stores the same day again, so many days earlier, with sessions of its own. */
export async function storeDayAgain(clickhouse: Clickhouse, daysEarlier: number): Promise<void> {
  const days = `INTERVAL ${daysEarlier} DAY`
  await clickhouse.command(`INSERT INTO logs
    SELECT * REPLACE (
      o.timestamp - ${days} AS timestamp, o.received_day - ${daysEarlier} AS received_day, o.received_at - ${days} AS received_at,
      o.stream_seq + ${daysEarlier * seqPerDay} AS stream_seq,
      if(o.session_id = '', '', concat(o.session_id, '${daysEarlier}')) AS session_id)
    FROM logs AS o WHERE o.stream_seq < ${seqPerDay} AND o.stream_created = toDateTime(${streamCreatedSeconds})
    SETTINGS max_insert_block_size = 200000, min_insert_block_size_rows = 200000`)
}

/** Collects chunks into batches and inserts each while the next is made. */
class HistoryWriter {
  #open: OpenBatch | undefined
  #inserting: Promise<void> = Promise.resolve()
  #seq = 0
  #rows = 0
  readonly #encoder = new BatchEncoder(createProtection('pseudonyms', 'a'.repeat(64)))

  constructor(
    private readonly inserter: BlockInserter,
    private readonly report: (line: string) => void,
  ) {}

  async add(payload: Buffer): Promise<void> {
    this.#seq += 1
    const chunk: Chunk = {
      seq: this.#seq,
      receivedAtMicros: timeOf(payload),
      contentType: formats.json.contentType,
      timeShiftMicros: 0,
      payload,
      pending: 0,
    }
    const open = this.#open
    if (open !== undefined && (open.isOfAnotherDay(chunk) || open.lines >= batchRows))
      await this.#insert(open)
    this.#open ??= openBatch(this.#encoder, streamCreatedSeconds)
    await this.#open.add(chunk)
  }

  async end(): Promise<void> {
    if (this.#open !== undefined) await this.#insert(this.#open)
    await this.#inserting
  }

  async #insert(open: OpenBatch): Promise<void> {
    this.#open = undefined
    const batch = await open.finish()
    await this.#inserting
    this.#rows += batch.logs.rows
    if (this.#rows % 500_000 < batch.logs.rows)
      this.report(`${(this.#rows / 1e6).toFixed(1)} million events…`)
    this.#inserting = this.inserter.insert('logs', batch.logs, `history-${batch.range.first}`)
    // It is awaited before the next one; until then its failure is nobody's.
    this.#inserting.catch(() => undefined)
  }
}

/** When the first event of a chunk is dated, microseconds: the queue takes it then. */
function timeOf(payload: Buffer): number {
  const [, time] = /"timestamp":"([^"]+)"/.exec(payload.subarray(0, 300).toString()) ?? []
  if (time === undefined) throw new Error('The generator’s first event has no timestamp.')
  return Date.parse(time) * 1000
}
