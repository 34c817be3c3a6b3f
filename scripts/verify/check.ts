/** One rule of the house that a machine can hold. */
export interface Check {
  name: string
  /** Resolves with what is wrong, a line each; an empty list means that the rule holds. */
  run(): Promise<string[]>
}
