import { createHash } from 'node:crypto'
import { severities, type Finding } from './finding.js'
import { subjectOf, type Sighting } from './sighting.js'

const minuteSeconds = 60
/** What has become worse is written again so often at the most: readers see it soon, and there are few versions. */
const rewriteSeconds = 300

/** Which incident a new finding is part of: the id of an open one, or its own. */
export type IncidentOf = (opened: Finding) => string

interface Open {
  finding: Finding
  lastSeconds: number
  writtenScore: number
}

/**
 * Makes findings of what rules see: the first sighting of a subject opens one, further ones keep it open, and it is over
 * when none has come for a while.
 */
export class FindingBook {
  readonly #open = new Map<string, Open>()

  /** @param resolveSeconds a finding is over when so long nothing has been seen of it. */
  constructor(private readonly resolveSeconds: number) {}

  /**
   * Goes on with findings that were open when the detector stopped.
   *
   * @param lastSeen when each subject was seen last, by `subjectOf`.
   */
  resume(findings: readonly Finding[], lastSeen: ReadonlyMap<string, number>): void {
    for (const finding of findings) {
      const key = subjectOf(finding)
      const lastSeconds = lastSeen.get(key) ?? finding.judgedSeconds
      this.#open.set(key, { finding, lastSeconds, writtenScore: finding.score })
    }
  }

  /**
   * Takes what was seen in a minute.
   *
   * @returns new versions: of what was opened, has become worse, or is over.
   */
  add(judgedSeconds: number, sightings: readonly Sighting[], incidentOf: IncidentOf): Finding[] {
    const changed: Finding[] = []
    for (const sighting of sightings) {
      const version = this.#take(sighting, judgedSeconds, incidentOf)
      if (version !== undefined) changed.push(version)
    }
    for (const [key, { finding, lastSeconds }] of this.#open) {
      if (judgedSeconds - lastSeconds < this.resolveSeconds) continue
      this.#open.delete(key)
      changed.push({ ...finding, judgedSeconds, endedSeconds: lastSeconds + minuteSeconds })
    }
    return changed
  }

  /** Keeps what was found out about a finding, for its further versions. */
  explain(explained: Finding): void {
    const open = this.#open.get(subjectOf(explained))
    if (open?.finding.id !== explained.id) return
    const { causes, exampleRequests } = explained
    open.finding = { ...open.finding, causes, exampleRequests }
  }

  #take(sighting: Sighting, judgedSeconds: number, incidentOf: IncidentOf): Finding | undefined {
    const key = subjectOf(sighting)
    const { lastSeconds } = sighting
    const known = this.#open.get(key)
    if (known === undefined) {
      const finding = opened(sighting, judgedSeconds, incidentOf)
      this.#open.set(key, { finding, lastSeconds, writtenScore: finding.score })
      return finding
    }
    const finding = worst(known.finding, sighting)
    const severer = finding.severity !== known.finding.severity
    const due =
      judgedSeconds - known.finding.judgedSeconds >= rewriteSeconds && finding.score > known.writtenScore
    if (!severer && !due) {
      this.#open.set(key, { ...known, finding, lastSeconds })
      return undefined
    }
    const version = { ...finding, judgedSeconds }
    this.#open.set(key, { finding: version, lastSeconds, writtenScore: version.score })
    return version
  }
}

function opened(sighting: Sighting, judgedSeconds: number, incidentOf: IncidentOf): Finding {
  const { lastSeconds: _, ...seen } = sighting
  const identity = `${subjectOf(sighting)}|${sighting.startedSeconds}`
  const finding: Finding = {
    ...seen,
    id: createHash('sha256').update(identity).digest('hex').slice(0, 16),
    incidentId: '',
    endedSeconds: undefined,
    judgedSeconds,
    openedSeconds: judgedSeconds,
    detectedMs: Date.now(),
    incidentChange: undefined,
    causes: [],
    exampleRequests: [],
  }
  return { ...finding, incidentId: incidentOf(finding) }
}

/** The worst minute's words and figures stay; it never gets milder while it goes on. */
function worst(known: Finding, seen: Sighting): Finding {
  const severer = severities.indexOf(seen.severity) > severities.indexOf(known.severity)
  if (!severer && seen.score <= known.score) return known
  const { observed, expected, expectedLow, expectedHigh, score, title, summary } = seen
  const severity = severer ? seen.severity : known.severity
  return {
    ...known,
    severity,
    observed,
    expected,
    expectedLow,
    expectedHigh,
    score,
    title,
    summary,
  }
}
