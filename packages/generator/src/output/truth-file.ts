import { formatMicros } from '@pulsehouse/events'
import { closeSync, openSync, writeSync } from 'node:fs'
import { idText } from '../traffic/ids.js'
import type { Planted } from '../traffic/traffic.js'

/** The ground truth: what was planted, one JSON object a line, as detectors are measured by. */
export interface TruthFile {
  note: (planted: Planted) => void
  close: () => void
}

/** Begins a new file. @throws when it can't be written. */
export function openTruthFile(path: string): TruthFile {
  const file = openSync(path, 'w')
  return {
    // Anomalies are rare, so each is written at once and nothing is lost in a crash.
    note: ({ event, kind }) => {
      const line = { timestamp: formatMicros(event.atUs), request_id: `req_${idText(event.requestId)}`, kind }
      writeSync(file, `${JSON.stringify(line)}\n`)
    },
    close: () => closeSync(file),
  }
}
