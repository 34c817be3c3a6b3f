import { decodeChunkLine, formatOf, formats, type Protection } from '@pulsehouse/events'
import { NativeBlock } from '@pulsehouse/platform'
import { LineScanner, type LineOrigin } from '../scan/line-scanner.js'
import type { Batch } from './batch.js'
import { rangeOf, receivedDayOf, type ChunkGroup, type ChunkHead } from './chunk-group.js'
import { logColumns, type LogRow } from './log-columns.js'
import { rejectedColumns, type RejectedRow } from './rejected-columns.js'

const newline = 0x0a
/** Texts that the columns remember between batches; with more, they begin anew. */
const textsMax = 200_000

/** Makes rows of chunks, and blocks of rows. It keeps its memory, and what it has learned of texts, from batch to batch. */
export class BatchEncoder {
  readonly #protection: Protection
  readonly #rejected = new NativeBlock<RejectedRow>(rejectedColumns)
  #logs = new NativeBlock<LogRow>(logColumns)
  #scanner: LineScanner
  #lines = 0
  #heads: ChunkHead[] = []

  constructor(protection: Protection) {
    this.#protection = protection
    this.#scanner = new LineScanner(this.#logs, protection)
  }

  /** A batch of these chunks alone. */
  encode(group: ChunkGroup, streamCreatedSeconds: number): Batch {
    this.add(group, streamCreatedSeconds)
    return this.finish(streamCreatedSeconds)
  }

  /** Adds the chunks that follow in the stream. */
  add({ heads, bytes }: ChunkGroup, streamCreatedSeconds: number): void {
    for (const head of heads) this.#addChunk(head, bytes, streamCreatedSeconds)
    this.#heads.push(...heads)
  }

  /** The batch of all chunks since the last one. */
  finish(streamCreatedSeconds: number): Batch {
    const heads = this.#heads
    const last = heads.at(-1)
    if (last === undefined) throw new RangeError('a batch has at least one chunk')
    const batch: Batch = {
      range: rangeOf({ heads }),
      receivedDay: receivedDayOf(last),
      streamCreatedSeconds,
      chunks: heads.length,
      accepted: this.#lines,
      receivedAtMicros: last.receivedAtMicros,
      logs: encoded(this.#logs),
      rejected: encoded(this.#rejected),
    }
    this.discard()
    return batch
  }

  /** Forgets the chunks since the last batch. */
  discard(): void {
    this.#heads = []
    this.#lines = 0
    this.#logs.clear()
    this.#rejected.clear()
    if (this.#scanner.texts <= textsMax) return
    this.#logs = new NativeBlock<LogRow>(logColumns)
    this.#scanner = new LineScanner(this.#logs, this.#protection)
  }

  /** Every line becomes one row, here or there. A newline ends a line; a chunk without a byte is one empty line. */
  #addChunk(head: ChunkHead, bytes: Uint8Array, streamCreatedSeconds: number): void {
    const isJson = formatOf(head.contentType) === formats.json
    const { receivedAtMicros, timeShiftMicros, seq: streamSeq } = head
    const origin: LineOrigin = {
      receivedDay: receivedDayOf(head),
      receivedAtMicros,
      streamCreatedSeconds,
      streamSeq,
      eventIndex: 0,
      timeShiftMicros,
    }
    let start = head.start
    do {
      const found = bytes.indexOf(newline, start)
      const end = found === -1 || found > head.end ? head.end : found
      if (!(isJson && this.#scanner.scan(bytes, start, end, origin)))
        this.#addLine(head, textOf(bytes, start, end), { ...origin })
      origin.eventIndex += 1
      start = end + 1
    } while (start < head.end)
    this.#lines += origin.eventIndex
  }

  #addLine(head: ChunkHead, line: string, position: LineOrigin): void {
    const decoded = decodeChunkLine(head, line)
    if (decoded.ok) {
      this.#logs.add({ event: this.#protection.event(decoded.event), position })
      return
    }
    this.#rejected.add({
      position,
      reason: decoded.reason,
      detail: decoded.detail,
      contentType: head.contentType ?? '',
      payload: this.#protection.rejectedLine(line),
      payloadChars: line.length,
    })
  }
}

/** Bytes that are no UTF-8 become U+FFFD. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}

function encoded<Row>(block: NativeBlock<Row>): Batch['logs'] {
  const bytes = block.encode()
  return { columnNames: block.columnNames, rows: block.rows, encode: () => bytes }
}
