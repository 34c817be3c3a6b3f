import { processorSeconds } from '../processor-seconds.js'

/** Processor time by the name of the process, seconds; NaN where it is unknown. */
export type ProcessorUse = Readonly<Record<string, number>>

/** Begins to count the processor time of running processes. @returns what each has used since then. */
export function startProcessorUse(pids: Readonly<Record<string, number>>): () => ProcessorUse {
  const read = (): [string, number][] =>
    Object.entries(pids).map(([name, pid]) => [name, processorSeconds(pid) ?? Number.NaN])
  const before = new Map(read())
  return () => Object.fromEntries(read().map(([name, s]) => [name, s - (before.get(name) ?? 0)]))
}

/** The processor time of several processes together, seconds. */
export function sumOfUse(use: ProcessorUse): number {
  return Object.values(use).reduce((sum, seconds) => sum + seconds, 0)
}

/** What each process has used, in words: divided by so many of what was done. */
export function describeUse(use: ProcessorUse, by: number): string {
  const parts = Object.entries(use).map(([name, seconds]) => `${name} ${(seconds / by).toFixed(2)}`)
  return `${parts.join(', ')}: ${(sumOfUse(use) / by).toFixed(2)} in all`
}
