import type { PartCondition } from './part.js'
import type { Status } from './status.js'

const integers = new Intl.NumberFormat('en')

/** Figures older than this are said to be old, milliseconds. */
const oldAfterMs = 5_000

/** What the status line is made of. */
export interface StatusLineInput {
  status: Status | undefined
  /** Events stored a second, over the last seconds. */
  rate: number | undefined
  parts: readonly PartCondition[]
  privacy: string
  /** Age of the figures, milliseconds. */
  ageMs: number
  /** Free bytes of the disk, where they are too few. */
  freeBytes: number | undefined
}

/** The line under which the stack runs: `12,345 in · 12,340 stored · 5 rejected · lag 0 · fresh 0.3 s · 201/s`. */
export function statusLine({ status, rate, parts, privacy, ageMs, freeBytes }: StatusLineInput): string {
  // What needs a person comes first: a narrow terminal cuts the end.
  const words = parts.filter(({ state }) => state === 'starting' || state === 'restarting').map(troubleOf)
  if (freeBytes !== undefined) words.push(`disk full: ${Math.floor(freeBytes / 1e6)} MB free`)
  if (status !== undefined && ageMs > oldAfterMs) words.push(`no figures for ${Math.round(ageMs / 1000)} s`)
  if (privacy === 'plain') words.push('PRIVACY=plain')
  if (status === undefined) words.push('waiting for the first figures')
  else {
    words.push(`${status.estimated ? '≈ ' : ''}${integers.format(status.accepted)} in`)
    words.push(`${integers.format(status.stored)} stored`)
    words.push(`${integers.format(status.rejected)} rejected`)
    words.push(`lag ${integers.format(status.lagChunks)} chunks`)
    if (status.freshnessMs !== undefined) words.push(`fresh ${freshness(status.freshnessMs)}`)
    if (rate !== undefined) words.push(`${integers.format(Math.round(rate))}/s`)
  }
  return words.join(' · ')
}

function troubleOf({ name, state, deaths, doing }: PartCondition): string {
  if (deaths === 0) return `${name}: ${doing ?? state}…`
  return `${name} ${state} (it has ended ${deaths} times)`
}

function freshness(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  return minutes < 120 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`
}
