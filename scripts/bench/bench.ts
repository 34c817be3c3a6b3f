/** One figure of a benchmark, beside what it is measured against. */
export interface BenchResult {
  name: string
  value: number
  unit: string
  /** The same thing done the plain way, measured in the same run. */
  baseline: number
  /** How many times better the value is than the baseline. */
  ratio: number
  /** What the value has to reach. */
  bar: number
  pass: boolean
  /** How it was measured, where the number alone could mislead. */
  note?: string
}

/** A benchmark by its name on the command line. */
export interface Bench {
  name: string
  /** One line for `--help`. */
  summary: string
  /** Measures; `report` takes lines about the progress. @throws when it could not measure. */
  run: (report: (line: string) => void) => Promise<BenchResult[]>
}
