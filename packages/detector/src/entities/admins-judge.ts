import type { Sighting } from '../findings/sighting.js'
import type { Minute } from '../minutes/minute.js'
import type { Rules } from '../rules/rules.js'
import { countingSighting } from './counting-sighting.js'

const daySeconds = 86_400

/** Finds administrators who act from a network from which they did not act before, as far as the past was learned. */
export class AdminsJudge {
  /** Administrators and networks that were seen together. */
  readonly #known = new Set<string>()
  #firstSeconds: number | undefined

  constructor(private readonly rules: Rules) {}

  /** What is going on in a minute. */
  add({ seconds, admins }: Minute): Sighting[] {
    this.#firstSeconds ??= seconds
    const days = (seconds - this.#firstSeconds) / daySeconds
    return admins.flatMap(({ user, network, actions }) => {
      const key = `${user}|${network}`
      if (this.#known.has(key)) return []
      this.#known.add(key)
      if (days < this.rules.learning_days) return []
      return [
        countingSighting({
          rule: 'unusual_admin_action',
          kind: 'unusual_admin_action',
          severity: this.rules.unusual_admin_action.severity,
          service: '',
          entity: { type: 'user', value: user },
          metric: 'admin_actions',
          startedSeconds: seconds,
          lastSeconds: seconds,
          observed: actions,
          limit: 1,
          windowMinutes: 1,
          title: 'An administrator acts from a network that is new',
          summary: `${actions} requests of an administrator came from ${network}, from which this administrator did not act in the ${Math.floor(days)} days before.`,
        }),
      ]
    })
  }
}
