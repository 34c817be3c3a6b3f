import type { PartCondition } from './part.js'
import type { Status } from './status.js'

const integers = new Intl.NumberFormat('en')

/** What the status line is made of. */
export interface StatusLineInput {
  status: Status | undefined
  /** Events stored a second, over the last seconds. */
  rate: number | undefined
  parts: readonly PartCondition[]
  privacy: string
}

/** The line under which the stack runs: `12,345 in · 12,340 stored · 5 rejected · lag 0 · fresh 0.3 s · 201/s`. */
export function statusLine({ status, rate, parts, privacy }: StatusLineInput): string {
  // What needs a person comes first: a narrow terminal cuts the end.
  const words = parts.filter(({ state }) => state !== 'running').map(troubleOf)
  if (privacy === 'plain') words.push('PRIVACY=plain')
  if (status === undefined) words.push('waiting for the first figures')
  else {
    words.push(`${integers.format(status.processed)} in`)
    words.push(`${integers.format(status.stored)} stored`)
    words.push(`${integers.format(status.rejected)} rejected`)
    words.push(`lag ${integers.format(status.lagChunks)} chunks`)
    if (status.freshnessMs !== undefined) words.push(`fresh ${freshness(status.freshnessMs)}`)
    if (rate !== undefined) words.push(`${integers.format(Math.round(rate))}/s`)
  }
  return words.join(' · ')
}

function troubleOf({ name, state, deaths }: PartCondition): string {
  return `${name} ${state} (it has ended ${deaths} times)`
}

function freshness(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  return minutes < 120 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`
}
