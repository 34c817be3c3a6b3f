import type { IngestState, SequenceRange } from '@pulsehouse/platform'

/** Whether two states say the same. */
export function isSameEntry(one: IngestState, other: IngestState): boolean {
  return (
    one.owner === other.owner &&
    one.streamCreated === other.streamCreated &&
    one.committed === other.committed &&
    isSameRange(one.pending, other.pending)
  )
}

/** Whether two ranges have the same ends. */
export function isSameRange(one: SequenceRange | null, other: SequenceRange | null): boolean {
  return one?.first === other?.first && one?.last === other?.last
}
