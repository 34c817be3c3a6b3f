import type { Sighting } from '../findings/sighting.js'
import type { BusyAddress, Minute } from '../minutes/minute.js'
import type { Rules } from '../rules/rules.js'
import { countingSighting } from './counting-sighting.js'
import { Recent } from './recent.js'

/** Counts what single addresses ask for: scanners try paths that are not there, scrapers ask for everything that is. */
export class AddressesJudge {
  readonly #scraping: Recent<BusyAddress>
  readonly #scanning: Recent<BusyAddress>

  constructor(private readonly rules: Rules) {
    this.#scraping = new Recent(rules.scraping.window_minutes * 60)
    this.#scanning = new Recent(rules.scanner.window_minutes * 60)
  }

  /** What is going on in a minute. */
  add({ seconds, busy }: Minute): Sighting[] {
    for (const address of busy) {
      this.#scraping.add(address.address, seconds, address)
      this.#scanning.add(address.address, seconds, address)
    }
    this.#scraping.sweep(seconds)
    this.#scanning.sweep(seconds)
    return busy.flatMap(({ address, service }) => {
      const scanning = this.#scanner(address, service, seconds)
      return scanning.length > 0 ? scanning : this.#scraper(address, service, seconds)
    })
  }

  #scanner(address: string, service: string, seconds: number): Sighting[] {
    const {
      min_refused,
      min_refused_share,
      min_paths,
      severity,
      window_minutes: windowMinutes,
    } = this.rules.scanner
    const recent = this.#scanning.of(address, seconds)
    const refused = recent.reduce((sum, { entry }) => sum + entry.refused, 0)
    const paths = new Set(recent.flatMap(({ entry }) => entry.refusedPaths)).size
    const [first] = recent
    const events = recent.reduce((sum, { entry }) => sum + entry.events, 0)
    if (
      refused < Math.max(min_refused, min_refused_share * events) ||
      paths < min_paths ||
      first === undefined
    )
      return []
    return [
      countingSighting({
        rule: 'scanner',
        kind: 'scanner',
        severity,
        service,
        entity: { type: 'ip_address', value: address },
        metric: 'refused_paths',
        startedSeconds: first.seconds,
        lastSeconds: seconds,
        observed: paths,
        limit: min_paths,
        windowMinutes,
        title: 'One address looks for weak spots',
        summary: `${refused} requests of one address for ${paths} different paths were refused or led nowhere within ${windowMinutes} min.`,
      }),
    ]
  }

  #scraper(address: string, service: string, seconds: number): Sighting[] {
    const { min_paths, severity, window_minutes: windowMinutes } = this.rules.scraping
    const recent = this.#scraping.of(address, seconds)
    const paths = new Set(recent.flatMap(({ entry }) => entry.paths)).size
    const [first] = recent
    if (paths < min_paths || first === undefined) return []
    const events = recent.reduce((sum, { entry }) => sum + entry.events, 0)
    return [
      countingSighting({
        rule: 'scraping',
        kind: 'scraping',
        severity,
        service,
        entity: { type: 'ip_address', value: address },
        metric: 'paths',
        startedSeconds: first.seconds,
        lastSeconds: seconds,
        observed: paths,
        limit: min_paths,
        windowMinutes,
        title: 'One address reads page after page',
        summary: `${events} requests of one address for ${paths} different paths within ${windowMinutes} min: more than a person reads.`,
      }),
    ]
  }
}
