import { formatMicros } from '@pulsehouse/events'
import { closeSync, openSync, writeSync } from 'node:fs'
import { idText } from '../traffic/ids.js'
import type { PlantedIncident } from '../incidents/incident.js'
import type { Planted } from '../traffic/traffic.js'

/** The ground truth: what was planted, one JSON object a line, as detectors are measured by. */
export interface TruthFile {
  note: (planted: Planted) => void
  close: () => void
}

/** Begins a new file with the incidents that are going to happen. @throws when it can't be written. */
export function openTruthFile(path: string, incidents: readonly PlantedIncident[]): TruthFile {
  const file = openSync(path, 'w')
  for (const incident of incidents) writeSync(file, `${JSON.stringify(lineOf(incident))}\n`)
  return {
    // Anomalies are rare, so each is written at once and nothing is lost in a crash.
    note: ({ event, kind }) => {
      const line = { timestamp: formatMicros(event.atUs), request_id: `req_${idText(event.requestId)}`, kind }
      writeSync(file, `${JSON.stringify(line)}\n`)
    },
    close: () => closeSync(file),
  }
}

function lineOf({ kind, id, startUs, endUs, harmless, service, endpoint, detail }: PlantedIncident) {
  const [started, ended] = [formatMicros(startUs), formatMicros(endUs)]
  return { kind, incident_id: id, started, ended, harmless, service, endpoint, detail }
}
