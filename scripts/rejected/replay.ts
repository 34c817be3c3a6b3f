import { formats, splitLines, type RejectionReason } from '@pulsehouse/events'
import {
  readSubjectChunks,
  SubjectMoved,
  type Clickhouse,
  type NatsLink,
  type Publisher,
} from '@pulsehouse/platform'
import type { RejectedFilter } from './config.js'
import { nextOpen, type RejectedCursor } from './rejected-queries.js'
import { positionOf, type RejectedRow } from './rejected-row.js'
import { replayChunks } from './replay-chunks.js'
import { replayedFrom, replayLineOf, type ReplayLine } from './replay-line.js'

/** The subject of everything that is replayed. */
export const replaySubject = 'logs.replay'

/** What a replay works with. */
export interface ReplayParts {
  nats: NatsLink
  clickhouse: Clickhouse
  /** Of `replaySubject`. */
  publisher: Publisher
}

/** What a replay has to do. */
export interface ReplayTask {
  filter: RejectedFilter
  /** Events that are sent at the most. */
  limit: number
  /** Says what it would do, and sends nothing. */
  dryRun: boolean
}

/** What became of the open rejected events. */
export interface ReplayOutcome {
  /** Sent through again. */
  replayed: number
  /** Of an earlier replay, and not stored yet. */
  underWay: number
  /** Only a part of the line was kept. */
  cut: number
  /** Refused still, by reason. */
  refused: Partial<Record<RejectionReason, number>>
}

/** Rows that are read at a time; at 16 Ki characters each, some tens of megabytes. */
const pageRows = 1_000
/** The queue has this long to take a chunk, milliseconds. */
const publishWithinMs = 20_000
/** What was read of the subject is believed for so long, milliseconds: a chunk stays in the stream for far longer. */
const subjectAgeMaxMs = 30_000
/** So often in a row another replay may come between before we give way to it. */
const movedMax = 20

/**
 * Sends open rejected events through the queue again, each of them once.
 *
 * There is no record that could disagree with what is really there: a replayed event carries the position of its rejected
 * line, so it is known wherever it is. From the moment the queue has its chunk, it is in the stream, until it is stored, and
 * from then on in ClickHouse. So the stream is read first and ClickHouse second, and what is in neither is sent. A
 * chunk is taken only while the newest one of the subject is the one that was read: whatever came between, be it another
 * replay or a chunk of our own whose answer was lost, refuses it, and both are read again.
 *
 * A crash at any moment therefore leaves nothing to settle: the next run reads what is there.
 *
 * @throws {QueueUnavailable} when the queue does not answer in time; what was sent is known to the next run.
 */
export async function replayRejected(parts: ReplayParts, task: ReplayTask): Promise<ReplayOutcome> {
  const run = new ReplayRun(parts, task)
  let cursor: RejectedCursor | undefined = {
    receivedAtMicros: 0,
    streamCreated: 0,
    streamSeq: 0,
    eventIndex: -1,
  }
  for (let moved = 0; cursor !== undefined;) {
    try {
      cursor = await run.page(cursor)
      moved = 0
    } catch (error) {
      if (!(error instanceof SubjectMoved)) throw error
      moved += 1
      if (moved > movedMax)
        throw new Error('Another replay is running: let it end, and start this one again.', { cause: error })
    }
  }
  return run.outcome
}

class ReplayRun {
  readonly outcome: ReplayOutcome = { replayed: 0, underWay: 0, cut: 0, refused: {} }
  readonly #parts: ReplayParts
  readonly #task: ReplayTask
  /** What this run has sent: it is no news when it is found in the stream. */
  readonly #own = new Set<string>()

  constructor(parts: ReplayParts, task: ReplayTask) {
    this.#parts = parts
    this.#task = task
  }

  /** Replays the rows behind a cursor. @returns where to go on; undefined at the end. */
  async page(cursor: RejectedCursor): Promise<RejectedCursor | undefined> {
    const { nats, clickhouse } = this.#parts
    const readAtMs = performance.now()
    const inStream = await readInStream(nats)
    const rows = await nextOpen(clickhouse, this.#task.filter, cursor, pageRows)
    const found = rows.filter((row) => inStream.positions.has(positionOf(row)))
    const fates = rows.filter((row) => !found.includes(row)).map(replayLineOf)
    const sent = fates
      .filter((fate) => fate.fate === 'sent')
      .slice(0, this.#task.limit - this.outcome.replayed)
    await this.#send(sent, inStream.lastSeq, readAtMs)
    this.outcome.underWay += found.filter((row) => !this.#own.has(positionOf(row))).length
    for (const fate of fates) this.#count(fate)
    return this.outcome.replayed < this.#task.limit ? endOf(rows) : undefined
  }

  async #send(lines: Parameters<typeof replayChunks>[0], lastSeq: number, readAtMs: number): Promise<void> {
    let subjectLastSeq = lastSeq
    for (const { id, payload, positions } of replayChunks(lines)) {
      if (performance.now() - readAtMs > subjectAgeMaxMs) throw new SubjectMoved('what was read is old')
      if (!this.#task.dryRun) {
        const head = { id, contentType: formats.json.contentType, subjectLastSeq }
        subjectLastSeq = await this.#parts.publisher.publish(payload, head, Date.now() + publishWithinMs)
      }
      for (const position of positions) this.#own.add(position)
      this.outcome.replayed += positions.length
    }
  }

  #count(fate: ReplayLine): void {
    if (fate.fate === 'cut') this.outcome.cut += 1
    if (fate.fate === 'refused') {
      this.outcome.refused[fate.reason] = (this.outcome.refused[fate.reason] ?? 0) + 1
    }
  }
}

function endOf(rows: readonly RejectedRow[]): RejectedCursor | undefined {
  return rows.length < pageRows ? undefined : rows.at(-1)
}

/** What was replayed and is still in the stream, stored or not. */
async function readInStream(nats: NatsLink): Promise<{ lastSeq: number; positions: ReadonlySet<string> }> {
  const { lastSeq, payloads } = await readSubjectChunks(nats, replaySubject)
  return { lastSeq, positions: new Set(payloads.flatMap((payload) => splitLines(payload).map(markOf))) }
}

function markOf(line: string): string {
  const { attributes } = JSON.parse(line) as { attributes: Record<string, string> }
  return attributes[replayedFrom] ?? ''
}
