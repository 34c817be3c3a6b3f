import type { Entity } from '../findings/finding.js'
import type { Sighting } from '../findings/sighting.js'
import type { Logins, Minute } from '../minutes/minute.js'
import type { Rules } from '../rules/rules.js'
import { countingSighting } from './counting-sighting.js'
import { Recent } from './recent.js'

/** Counts failed logins: of one user, and of the users that one address or network tries. */
export class LoginsJudge {
  readonly #guesses: Recent<Logins>
  readonly #tries: Recent<Logins>

  constructor(private readonly rules: Rules) {
    this.#guesses = new Recent(rules.brute_force.window_minutes * 60)
    this.#tries = new Recent(rules.credential_stuffing.window_minutes * 60)
  }

  /** What is going on in a minute. */
  add({ seconds, logins }: Minute): Sighting[] {
    const pairs = new Set<string>()
    const sources = new Map<string, Entity>()
    for (const login of logins) {
      const { address, network, user } = login
      const guessing = `${address}|${user}`
      this.#guesses.add(guessing, seconds, login)
      pairs.add(guessing)
      for (const entity of [
        { type: 'ip_address', value: address },
        { type: 'ip_network', value: network },
      ] as const) {
        const key = `${entity.type}|${entity.value}`
        this.#tries.add(key, seconds, login)
        sources.set(key, entity)
      }
    }
    this.#guesses.sweep(seconds)
    this.#tries.sweep(seconds)
    const trying = [...sources].flatMap(([key, entity]) => this.#stuffing(key, entity, seconds))
    // A network is named only where no one address of it explains it.
    const addresses = trying.filter(({ entity }) => entity?.type === 'ip_address')
    const guessing = [...pairs].flatMap((key) => this.#guessing(key, seconds))
    return [...(addresses.length > 0 ? addresses : trying), ...guessing]
  }

  #guessing(key: string, seconds: number): Sighting[] {
    const { min_failed, min_failed_share, severity, window_minutes: windowMinutes } = this.rules.brute_force
    const recent = this.#guesses.of(key, seconds)
    const { failed, share } = countsOf(recent)
    if (failed < min_failed || share < min_failed_share) return []
    const [first] = recent
    if (first === undefined) return []
    const taken = (recent.at(-1)?.entry.succeeded ?? 0) > 0
    return [
      countingSighting({
        rule: 'brute_force',
        kind: 'brute_force',
        severity: taken ? 'critical' : severity,
        service: 'auth',
        entity: { type: 'user', value: first.entry.user },
        metric: 'logins_failed',
        startedSeconds: first.seconds,
        lastSeconds: seconds,
        observed: failed,
        limit: min_failed,
        windowMinutes,
        title: taken ? 'A password was guessed' : 'Somebody guesses a password',
        summary:
          `${failed} logins of one user failed from one address within ${windowMinutes} min` +
          (taken ? ', and then one succeeded: the account may be taken.' : '; none has succeeded.'),
      }),
    ]
  }

  #stuffing(key: string, entity: Entity, seconds: number): Sighting[] {
    const {
      min_users,
      min_failed_share,
      severity,
      window_minutes: windowMinutes,
    } = this.rules.credential_stuffing
    const recent = this.#tries.of(key, seconds)
    const users = new Set(recent.filter(({ entry }) => entry.failed > 0).map(({ entry }) => entry.user)).size
    const { failed, share } = countsOf(recent)
    const [first] = recent
    if (users < min_users || share < min_failed_share || first === undefined) return []
    const succeeded = recent.reduce((sum, { entry }) => sum + entry.succeeded, 0)
    return [
      countingSighting({
        rule: 'credential_stuffing',
        kind: 'credential_stuffing',
        severity,
        service: 'auth',
        entity,
        metric: 'users_failing',
        startedSeconds: first.seconds,
        lastSeconds: seconds,
        observed: users,
        limit: min_users,
        windowMinutes,
        title: `One ${entity.type === 'ip_address' ? 'address' : 'network'} tries the passwords of many users`,
        summary: `${failed} logins of ${users} users failed from one ${entity.type === 'ip_address' ? 'address' : 'network'} within ${windowMinutes} min; ${succeeded} succeeded.`,
      }),
    ]
  }
}

function countsOf(recent: readonly { entry: Logins }[]): { failed: number; share: number } {
  const failed = recent.reduce((sum, { entry }) => sum + entry.failed, 0)
  const all = failed + recent.reduce((sum, { entry }) => sum + entry.succeeded, 0)
  return { failed, share: all === 0 ? 0 : failed / all }
}
