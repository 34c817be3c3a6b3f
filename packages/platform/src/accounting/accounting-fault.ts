import type { SequenceRange } from '../ingest-state.js'

/** Something that does not add up, and where. */
export interface AccountingFault {
  /**
   * `missing` and `doubled` are rows of a batch; `gap` and `overlap` are chunks that the ledger leaves out or
   * repeats; `rollup` is a rollup that does not count what the raw table has.
   */
  kind: 'missing' | 'doubled' | 'gap' | 'overlap' | 'rollup'
  /** Chunks concerned; a rollup has no positions. */
  range: SequenceRange | null
  /** The first and the last minute, or hour, in which a rollup differs, ISO 8601; a batch is known by its chunks. */
  times: { first: string; last: string } | null
  detail: string
}
