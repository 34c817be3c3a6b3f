import { maskPeople } from '../access/mask-people.js'
import type { Sight } from '../access/sight.js'
import { logOf } from '../logs/log.js'
import { shownLog } from '../logs/shown-log.js'
import type { StoredLog } from '../logs/search-logs.js'
import { searchedColumns } from '../logs/log-filter-columns.js'
import { wordsOf } from '../parameters/search-text.js'
import { formatPosition } from './position.js'

/** An event of the live tail. What readers have in common is worked out when the first one asks, and once. */
export class TailEvent {
  readonly log: StoredLog
  #texts: string[] | undefined
  #words: Set<string> | undefined
  #maskedTexts: string[] | undefined
  #maskedWords: Set<string> | undefined
  readonly #frames: { [Name in Sight]?: string } = {}

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

  /** These texts without pseudonyms. */
  get maskedTexts(): readonly string[] {
    return (this.#maskedTexts ??= this.texts.map(maskPeople))
  }

  /** The words of the texts without pseudonyms. */
  get maskedWords(): ReadonlySet<string> {
    return (this.#maskedWords ??= new Set(this.maskedTexts.flatMap(wordsOf)))
  }

  /** The event as Server-Sent Events carry it to readers who see so much of people. */
  frame(sight: Sight): string {
    return (this.#frames[sight] ??= this.#write(sight))
  }

  #write(sight: Sight): string {
    const { stream_created_seconds: createdSeconds, stream_seq: seq, event_index: index } = this.log
    const receivedSeconds = Math.floor(this.log.received_micros / 1e6)
    const id = formatPosition({ createdSeconds, seq, index, receivedSeconds })
    return `id: ${id}\ndata: ${JSON.stringify(shownLog(logOf(this.log), sight))}\n\n`
  }
}
