import type { ProcessSize } from './process-size.js'

const cells = 40
const linesMax = 20
const mib = 1024 * 1024

/** Resident memory over time as a text chart, a line for each minute, or for each of twenty parts of the time. */
export function chartOf(sizes: readonly ProcessSize[]): string {
  const lastS = sizes.at(-1)?.atS ?? 0
  const stepS = Math.max(lastS <= linesMax ? 1 : lastS <= linesMax * 60 ? 60 : Math.ceil(lastS / linesMax), 1)
  const largest = Math.max(...sizes.map(({ residentBytes }) => residentBytes))
  const shown = sizes.filter(
    ({ atS }, at) =>
      at === sizes.length - 1 || Math.floor(atS / stepS) !== Math.floor((sizes[at - 1]?.atS ?? -1) / stepS),
  )
  return shown.map((size) => line(size, largest)).join('\n')
}

function line(
  { atS, residentBytes, residentAllBytes, files, threads }: ProcessSize,
  largest: number,
): string {
  const bar = '█'.repeat(Math.max(1, Math.round((residentBytes / largest) * cells))).padEnd(cells)
  const minutes = (atS / 60).toFixed(1).padStart(5)
  const all = Math.round(residentAllBytes / mib)
  return `${minutes} min ${bar} ${Math.round(residentBytes / mib)} MiB (${all} with shared), ${files} files, ${threads} threads`
}
