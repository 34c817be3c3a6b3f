import type { Sight } from '../access/sight.js'
import { runQuery, type QueryRun } from '../query/named-query.js'
import { incidentChanges, newestChange, type ChangedIncident } from './incident-changes.js'
import { beforeAll, type LivePosition } from './live-position.js'

/** What has changed behind a place. */
export interface ReadChanges {
  changes: ChangedIncident[]
  /** Up to here all changes are known. */
  upTo: LivePosition
}

/** The place of the newest change. @throws {QueryFailure} */
export async function readNewest(run: QueryRun): Promise<LivePosition> {
  const [newest = beforeAll] = await runQuery(newestChange, {}, run)
  return newest
}

/** The next changes behind a place and up to another one, so many at the most. @throws {QueryFailure} */
export async function readChanges(
  { after, to }: { after: LivePosition; to: LivePosition },
  { sight, pageMax }: { sight: Sight; pageMax: number },
  run: QueryRun,
): Promise<ReadChanges> {
  const ends = {
    after_minute: after.minute,
    after_incident: after.incident,
    to_minute: to.minute,
    to_incident: to.incident,
  }
  const changes = await runQuery(incidentChanges, { ...ends, sight, limit: pageMax }, run)
  const last = changes.length < pageMax ? undefined : changes.at(-1)
  return { changes, upTo: last === undefined ? to : { minute: last.minute, incident: last.id } }
}
