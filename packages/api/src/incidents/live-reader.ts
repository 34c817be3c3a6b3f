import type { Sight } from '../access/sight.js'
import type { PacedReader, PacedRequest } from '../http/paced-stream.js'
import type { QueryRun } from '../query/named-query.js'
import type { Incident } from './incident.js'
import type { LiveLimits } from './live-limits.js'
import { changeEvent, greeting, noAnswer, tooFarBehind, upToDate } from './live-notices.js'
import { furtherOf, isBehind, type LivePosition } from './live-position.js'
import { readChanges, readNewest, type ReadChanges } from './read-changes.js'

/** Who wants to read, and what. */
export interface LiveRequest extends PacedRequest {
  passes: (incident: Incident) => boolean
  /** How much of people the reader sees. */
  sight: Sight
  /** Up to where the reader knows everything; without it, it starts now. */
  after: LivePosition | undefined
}

/** One reader: what is polled for all is put into its queue, and it takes it at its own pace. */
export class LiveReader implements PacedReader {
  readonly end = new AbortController()
  untakenSinceMs: number | undefined
  readonly #waiting: ReadChanges[] = []
  #waitingChanges = 0
  #wake: () => void = () => undefined
  #isKnown = true

  constructor(
    readonly request: LiveRequest,
    private readonly limits: LiveLimits,
    private readonly run: QueryRun,
  ) {
    this.end.signal.addEventListener('abort', () => this.#wake())
  }

  /** Takes what was found for all who see as much; nothing where there was nothing. */
  take(found: ReadChanges | undefined): void {
    this.#isKnown = true
    if (found === undefined) return
    this.#waiting.push(found)
    this.#waitingChanges += found.changes.length
    this.look()
  }

  /** Hears that ClickHouse has not answered. */
  takeNothing(): void {
    this.#isKnown = false
  }

  /** Lets it look whether there is something to send. */
  look(): void {
    this.#wake()
  }

  /**
   * All that it is sent. First it reads by itself what lies between its place and now; what is polled meanwhile waits,
   * and what is known already by then is passed over.
   *
   * @throws {QueryFailure} when that fails; the connection breaks, and the client goes on from its place.
   */
  async *pieces(from: LivePosition): AsyncGenerator<Buffer> {
    try {
      yield* this.#everything(from)
    } catch (error) {
      // Whoever has gone breaks off the question that was asked for it.
      if (!this.end.signal.aborted) throw error
    }
  }

  async *#everything(from: LivePosition): AsyncGenerator<Buffer> {
    const { limits } = this
    yield Buffer.from(greeting(from, limits.retryMs))
    let position = yield* this.#catchUp(from)
    let sentMs = performance.now()
    while (!this.end.signal.aborted) {
      if (this.#waitingChanges > limits.waitingMax) {
        yield Buffer.from(tooFarBehind(position))
        return
      }
      const next = this.#waiting.shift()
      if (next === undefined) {
        if (performance.now() - sentMs < limits.heartbeatMs) {
          await this.#something()
          continue
        }
        sentMs = performance.now()
        yield Buffer.from(this.#isKnown ? upToDate(position) : noAnswer)
        continue
      }
      this.#waitingChanges -= next.changes.length
      const text = this.#textOf(next, position)
      position = furtherOf(next.upTo, position)
      if (text === '') continue
      sentMs = performance.now()
      yield Buffer.from(text)
    }
  }

  async *#catchUp(from: LivePosition): AsyncGenerator<Buffer, LivePosition> {
    const { run, limits } = this
    const { sight } = this.request
    const running = { ...run, signal: this.end.signal }
    const to = await readNewest(running)
    let position = from
    while (isBehind(to, position) && !this.end.signal.aborted) {
      const found = await readChanges({ after: position, to }, { sight, pageMax: limits.pageMax }, running)
      const text = this.#textOf(found, position)
      position = found.upTo
      if (text !== '') yield Buffer.from(text)
    }
    return position
  }

  #textOf({ changes }: ReadChanges, position: LivePosition): string {
    return changes
      .filter((change) => isBehind({ minute: change.minute, incident: change.id }, position))
      .filter((change) => this.request.passes(change))
      .map(changeEvent)
      .join('')
  }

  async #something(): Promise<void> {
    if (this.end.signal.aborted) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
  }
}
