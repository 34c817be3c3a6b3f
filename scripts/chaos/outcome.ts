/** What came of a run. */
export interface ChaosOutcome {
  /** For people, a line or several. */
  summary: string
  /** For `--json`. */
  result: Record<string, unknown>
  /** A sentence for each thing that was not as it must be; empty when all is well. */
  faults: string[]
}
