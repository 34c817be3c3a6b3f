import type { Sighting } from '../findings/sighting.js'
import type { DividedSession, Minute } from '../minutes/minute.js'
import type { Rules } from '../rules/rules.js'
import { countingSighting } from './counting-sighting.js'

const minuteSeconds = 60
/** Whoever changes from one network to another is in both for a minute; in two such minutes there are two people. */
const sharedMinutesLeast = 2

/** Finds sessions that two clients use at once. */
export class SessionsJudge {
  /** What is known of each divided session, by minute. */
  readonly #sessions = new Map<string, Map<number, DividedSession>>()

  constructor(private readonly rules: Rules) {}

  /** What is going on in a minute. */
  add({ seconds, divided }: Minute): Sighting[] {
    const windowMinutes = this.rules.session_reuse.window_minutes
    const sinceSeconds = seconds - windowMinutes * minuteSeconds
    for (const one of divided) {
      const minutes = this.#sessions.get(one.session) ?? new Map<number, DividedSession>()
      minutes.set(one.seconds, one)
      this.#sessions.set(one.session, minutes)
    }
    for (const [session, minutes] of this.#sessions) {
      for (const at of minutes.keys()) if (at <= sinceSeconds) minutes.delete(at)
      if (minutes.size === 0) this.#sessions.delete(session)
    }
    return [...this.#sessions].flatMap(([session, minutes]) =>
      minutes.has(seconds) ? this.#judge(session, [...minutes.values()], seconds) : [],
    )
  }

  #judge(session: string, minutes: readonly DividedSession[], seconds: number): Sighting[] {
    const { severity, window_minutes: windowMinutes } = this.rules.session_reuse
    const agents = new Set(minutes.flatMap((one) => one.agents)).size
    const networks = new Set(minutes.flatMap((one) => one.networks)).size
    const shared = minutes.filter((one) => one.networks.length > 1).length
    if (agents < 2 && shared < sharedMinutesLeast) return []
    return [
      countingSighting({
        rule: 'session_reuse',
        kind: 'session_reuse',
        severity,
        service: '',
        entity: { type: 'session', value: session },
        metric: 'clients',
        startedSeconds: Math.min(...minutes.map((one) => one.seconds)),
        lastSeconds: seconds,
        observed: Math.max(agents, networks),
        limit: 2,
        windowMinutes,
        title: 'One session is used by two clients',
        summary: `A session was seen with ${agents} user agents and in ${networks} networks within ${windowMinutes} min: its token may be stolen.`,
      }),
    ]
  }
}
