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

/** What a run may be told; a benchmark takes what concerns it. */
export interface BenchOptions {
  /** How many scenarios are measured at the most. */
  scenarios: number
  /** Measures the scenarios that rules and thresholds may be chosen by, instead of those that are reported. */
  dev: boolean
  /** Folder in which what is stored outlives the run. */
  keep: string | undefined
  /** How many events the ingester drains. */
  events: number
  /** Instead of draining: for so many seconds ClickHouse stands still; 0 drains. */
  outage: number
  /** What the generator of the whole pipeline is asked for, events a second. */
  rate: number
}

/** A benchmark by its name on the command line. */
export interface Bench {
  name: string
  /** One line for `--help`. */
  summary: string
  /** Measures; `report` takes lines about the progress. @throws when it could not measure. */
  run: (report: (line: string) => void, options: BenchOptions) => Promise<BenchResult[]>
}
