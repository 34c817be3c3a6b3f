import { readFileSync } from 'node:fs'
import { parseIsoMicros } from '@pulsehouse/events'

/** What the generator planted, as its ground truth says. */
export interface Planted {
  kind: string
  /** Whether it only looks like an incident. */
  harmless: boolean
  /** Seconds since 1970. */
  startedSeconds: number
  /** Seconds since 1970. */
  endedSeconds: number
  detail: string
}

interface TruthLine {
  kind: string
  incident_id?: string
  started: string
  ended: string
  harmless: boolean
  service: string
  endpoint: string
  detail: string
}

/** Reads the incidents of a file of the generator's `--truth`, in the order of time; single anomalies are passed over. */
export function readPlanted(path: string): Planted[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const told = lines.map((line) => JSON.parse(line) as TruthLine)
  return told
    .filter(({ incident_id }) => incident_id !== undefined)
    .map(({ kind, harmless, started, ended, service, endpoint, detail }) => ({
      kind,
      harmless,
      startedSeconds: secondsOf(started),
      endedSeconds: secondsOf(ended),
      detail: [service, endpoint, detail].filter((text) => text !== '').join(' '),
    }))
}

function secondsOf(iso: string): number {
  const micros = parseIsoMicros(iso)
  if (micros === undefined) throw new Error(`The ground truth has the time ${iso}, which is none.`)
  return micros / 1e6
}
