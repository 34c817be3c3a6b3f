import { logOf } from '../logs/log.js'
import type { StoredLog } from '../logs/search-logs.js'
import { searchedColumns } from '../logs/log-filter-columns.js'
import { wordsOf } from '../parameters/search-text.js'
import { formatPosition } from './position.js'

/** An event of the live tail. What readers have in common is worked out when the first one asks, and once. */
export class TailEvent {
  readonly log: StoredLog
  #texts: string[] | undefined
  #words: Set<string> | undefined
  #frame: string | undefined
  #frameWithoutPeople: string | undefined

  constructor(log: StoredLog) {
    this.log = log
  }

  /** The texts that a search looks at, in small letters. */
  get texts(): readonly string[] {
    this.#texts ??= [
      ...searchedColumns.map((name) => this.log[name] ?? ''),
      ...Object.values(this.log.attributes),
    ].map((text) => text.toLowerCase())
    return this.#texts
  }

  /** The words of these texts. */
  get words(): ReadonlySet<string> {
    this.#words ??= new Set(this.texts.flatMap(wordsOf))
    return this.#words
  }

  /** The event as Server-Sent Events carry it. @param personal whether the reader may see people. */
  frame(personal: boolean): string {
    if (personal) return (this.#frame ??= this.#write({}))
    return (this.#frameWithoutPeople ??= this.#write({ user_id: null, ip_address: null }))
  }

  #write(hidden: { user_id?: null; ip_address?: null }): string {
    const { stream_created_seconds: createdSeconds, stream_seq: seq, event_index: index } = this.log
    const receivedSeconds = Math.floor(this.log.received_micros / 1e6)
    const id = formatPosition({ createdSeconds, seq, index, receivedSeconds })
    return `id: ${id}\ndata: ${JSON.stringify({ ...logOf(this.log), ...hidden })}\n\n`
  }
}
