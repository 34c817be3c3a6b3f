import { readLogStream, readLogStreamState, type NatsLink } from '@pulsehouse/platform'
import { openLeanClient } from '../embedded/lean-client.js'
import type { Store } from './pipeline-stack.js'

/** Rows of a block, as one would choose them who wants to be fast. */
export const plainBlockRows = 100_000

/** NDJSON as applications wrote it. */
export interface PlainBlock {
  rows: number
  bytes: Buffer
}

const newline = 10

/** Collects pieces of NDJSON, each of whole lines, into blocks. */
export class PlainBlocks {
  #pieces: Uint8Array[] = []
  #rows = 0

  /** Rows after which a block is full; it ends with the piece that reaches them. */
  constructor(private readonly blockRows = plainBlockRows) {}

  /** Adds a piece. @returns a block, when it is full. */
  add(piece: Uint8Array): PlainBlock | undefined {
    this.#pieces.push(piece)
    for (let at = piece.indexOf(newline); at !== -1; at = piece.indexOf(newline, at + 1)) this.#rows += 1
    return this.#rows >= this.blockRows ? this.take() : undefined
  }

  /** What has been collected since the last block; undefined if nothing has. */
  take(): PlainBlock | undefined {
    if (this.#rows === 0) return undefined
    const block = { rows: this.#rows, bytes: Buffer.concat(this.#pieces) }
    this.#pieces = []
    this.#rows = 0
    return block
  }
}

/** Reads the events of the stream from its beginning, so many or a chunk more, into memory. */
export async function readPlainBlocks(
  nats: NatsLink,
  events: number,
  blockRows = plainBlockRows,
): Promise<PlainBlock[]> {
  const { lastSeq } = await readLogStreamState(nats)
  const collected = new PlainBlocks(blockRows)
  const blocks: PlainBlock[] = []
  const reading = await readLogStream(nats, 1)
  for await (const { seq, payload } of reading) {
    const block = collected.add(payload)
    if (block !== undefined) blocks.push(block)
    if (seq >= lastSeq || blocks.length * blockRows >= events) break
  }
  reading.stop()
  const rest = collected.take()
  return rest === undefined ? blocks : [...blocks, rest]
}

/** Inserts NDJSON as one would without us. */
export interface PlainInserter {
  /** Sends a block whole, over one connection; resolves when its rows can be read. @throws when it is refused. */
  insert(block: PlainBlock): Promise<void>
  close(): void
}

/**
 * Opens it for the product's tables and views. The day by which rows are stored is none of the event's fields, so the
 * table fills it in by itself: otherwise everything would lie in 1970 and be deleted by its age.
 */
export async function openPlainInserter({ clickhouse }: Store): Promise<PlainInserter> {
  await clickhouse.command(
    `ALTER TABLE logs MODIFY COLUMN received_day Date DEFAULT today(),
      MODIFY COLUMN received_at DateTime64(6, 'UTC') DEFAULT now64(6)`,
  )
  const client = openLeanClient(clickhouse.url)
  const sql = 'INSERT INTO pulsehouse.logs FORMAT JSONEachRow'
  const parameters = {
    async_insert: '0',
    date_time_input_format: 'best_effort',
    // The token, above all: there is no column for it.
    input_format_skip_unknown_fields: '1',
  }
  return {
    insert: async ({ bytes }) => {
      await client.run([{ sql, parameters, data: bytes }])
    },
    close: () => client.close(),
  }
}
