import { AdminsJudge } from '../entities/admins-judge.js'
import { AddressesJudge } from '../entities/addresses-judge.js'
import { LoginsJudge } from '../entities/logins-judge.js'
import { SessionsJudge } from '../entities/sessions-judge.js'
import { FindingBook } from '../findings/finding-book.js'
import type { Finding } from '../findings/finding.js'
import { subjectOf, type Sighting } from '../findings/sighting.js'
import { IncidentBook } from '../incidents/incident-book.js'
import type { IncidentChange } from '../incidents/incident.js'
import type { Minute } from '../minutes/minute.js'
import type { Rules } from '../rules/rules.js'
import { SeriesJudge } from '../watch/series-judge.js'
import type { Judgement } from '../watch/watched-series.js'

/** So many series are watched at the most: what is asked of memory and of a minute's time (docs/detection.md). */
const seriesMax = 10_000

/** What one minute led to. */
export interface Outcome {
  /** New versions of findings. */
  findings: Finding[]
  /** What people are told. */
  changes: IncidentChange[]
  judgements: Judgement[]
}

/** All that the detector knows and decides; it reads and writes nothing. Minutes come in their order, each once. */
export class Judge {
  readonly #series: SeriesJudge
  readonly #counting: readonly { add: (minute: Minute) => Sighting[] }[]
  readonly #findings: FindingBook
  readonly #incidents = new IncidentBook()
  /** When each subject was seen last while the past was learned. */
  readonly #lastSeen = new Map<string, number>()

  /** @param onEvidence told what a rule about series has accumulated in a run, wherever all else that it asks for holds. */
  constructor(rules: Rules, onEvidence?: (rule: string, startedSeconds: number, evidence: number) => void) {
    this.#series = new SeriesJudge(rules, seriesMax, onEvidence)
    this.#counting = [
      new LoginsJudge(rules),
      new AddressesJudge(rules),
      new SessionsJudge(rules),
      new AdminsJudge(rules),
    ]
    this.#findings = new FindingBook(rules.resolve_minutes * 60)
  }

  /** Learns from a minute that was judged before: nothing of it is told again. */
  learn(minute: Minute): Judgement[] {
    const { sightings, judgements } = this.#see(minute)
    for (const sighting of sightings) this.#lastSeen.set(subjectOf(sighting), sighting.lastSeconds)
    return judgements
  }

  /** Goes on with what was open when the detector stopped: all findings of all open incidents. */
  resume(findings: readonly Finding[]): void {
    this.#incidents.resume(findings)
    this.#findings.resume(
      findings.filter(({ endedSeconds }) => endedSeconds === undefined),
      this.#lastSeen,
    )
  }

  /** Judges a minute, and learns from it. */
  add(minute: Minute): Outcome {
    const { sightings, judgements } = this.#see(minute)
    const found = this.#findings.add(minute.seconds, sightings, (finding) =>
      this.#incidents.incidentOf(finding),
    )
    const changes = this.#incidents.add(minute.seconds, found)
    return { findings: withChanges(found, changes), changes, judgements }
  }

  /** Keeps what was found out about a finding, for its further versions. */
  explain(finding: Finding): void {
    this.#findings.explain(finding)
    this.#incidents.explain(finding)
  }

  #see(minute: Minute): { sightings: Sighting[]; judgements: Judgement[] } {
    const { sightings, judgements } = this.#series.add(minute)
    // An attack is the reason of what it does to a series: it comes first and gives the incident its name.
    const counted = this.#counting.flatMap((judge) => judge.add(minute))
    return { sightings: [...counted, ...sightings], judgements }
  }
}

/** One version of each incident that has changed says so: after a crash it is known what people have to be told. */
function withChanges(findings: readonly Finding[], changes: readonly IncidentChange[]): Finding[] {
  const untold = new Map(changes.map(({ change, incident }) => [incident.id, change]))
  return findings.map((finding) => {
    const incidentChange = untold.get(finding.incidentId)
    untold.delete(finding.incidentId)
    return { ...finding, incidentChange }
  })
}
