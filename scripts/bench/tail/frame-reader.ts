/** What a stream of events must be: every position once and in order. */
export interface ReaderCounts {
  events: number
  /** Positions that came again, or before their turn. */
  doubled: number
  /** Places where one or more events are missing. */
  missing: number
  /** Events that tell of a gap, or that the reader was dropped. */
  notices: number
  /** Up to where the reader has everything. */
  seq: number
  index: number
}

const newline = 0x0a
const dash = 0x2d
const zero = 0x30
const emptyLine = Buffer.from('\n\n')
/** The first letter of an event with a log. */
const ofLog = 'i'.charCodeAt(0)

/**
 * Reads Server-Sent Events of the live tail as cheaply as it can: of each event only the id. All lines that were
 * published are events, so that a hole in the counting is an event that is missing.
 */
export class FrameReader {
  readonly counts: ReaderCounts = { events: 0, doubled: 0, missing: 0, notices: 0, seq: 0, index: 0 }
  /** The id of the last event, to go on from. */
  lastId = ''
  #rest: Buffer = Buffer.alloc(0)

  /** A connection has ended; the next one begins with a whole event. */
  reset(): void {
    this.#rest = Buffer.alloc(0)
  }

  /** Takes what has arrived. */
  take(part: Buffer): void {
    const bytes = this.#rest.length === 0 ? part : Buffer.concat([this.#rest, part])
    let start = 0
    let lastLog = -1
    for (;;) {
      const isLog = bytes[start] === ofLog
      const end = isLog ? endOfLog(bytes, start) : bytes.indexOf(emptyLine, start)
      // The last byte of a frame may still be on its way.
      if (end === -1 || end + 1 >= bytes.length) break
      if (isLog) {
        this.#count(bytes, start)
        lastLog = start
      } else this.#takeOther(bytes.toString('latin1', start, end))
      start = end + emptyLine.length
    }
    this.#rest = bytes.subarray(start)
    if (lastLog === -1) return
    this.lastId = bytes.toString('latin1', lastLog + 'id: '.length, bytes.indexOf(newline, lastLog))
  }

  /** Advice and heartbeats say where the reader stands: at the beginning, that is before the first event. */
  #takeOther(frame: string): void {
    if (!frame.startsWith(':') && !frame.startsWith('retry')) this.counts.notices += 1
    this.lastId = /^id: (.*)$/m.exec(frame)?.[1] ?? this.lastId
    if (this.counts.events === 0) this.counts.seq = Number(this.lastId.split('-')[1])
  }

  #count(bytes: Buffer, start: number): void {
    const { counts } = this
    const firstDash = bytes.indexOf(dash, start)
    const seq = numberAt(bytes, firstDash + 1)
    const index = numberAt(bytes, bytes.indexOf(dash, firstDash + 1) + 1)
    counts.events += 1
    const follows = seq === counts.seq ? index === counts.index + 1 : seq === counts.seq + 1 && index === 0
    const isBefore = seq < counts.seq || (seq === counts.seq && index <= counts.index)
    if (!follows) counts[isBefore ? 'doubled' : 'missing'] += 1
    counts.seq = seq
    counts.index = index
  }
}

/** A log has two lines, its id and its data; to look for single bytes is several times as fast as for two. */
function endOfLog(bytes: Buffer, start: number): number {
  const data = bytes.indexOf(newline, start)
  return data === -1 ? -1 : bytes.indexOf(newline, data + 1)
}

function numberAt(bytes: Buffer, start: number): number {
  let value = 0
  for (let at = start; ; at += 1) {
    const digit = (bytes[at] ?? 0) - zero
    if (digit < 0 || digit > 9) return value
    value = value * 10 + digit
  }
}
