import { newcomer, programs, rentedAddress } from '../elsewhere.js'
import type { Stage } from '../incident.js'
import { amount, anyHours, defineKind } from '../kind.js'
import { moments } from '../moments.js'
import { request } from '../request.js'
import { calls } from '../../shop/calls.js'
import { guest } from '../../shop/identity.js'
import { outcomes } from '../../shop/outcome.js'
import type { ShopEvent } from '../../traffic/shop-event.js'

/** What scanners ask for: files that should not be there, and the doors of other people's software. */
const folders = ['', '/backup', '/old', '/test', '/dev', '/admin', '/api', '/wp', '/site', '/public']
const files = [
  '/.env',
  '/.git/config',
  '/wp-login.php',
  '/xmlrpc.php',
  '/phpmyadmin/index.php',
  '/config.php.bak',
  '/server-status',
  '/.aws/credentials',
  '/actuator/env',
  '/cgi-bin/luci',
  '/vendor/phpunit/phpunit.xsd',
  '/dump.sql',
]
const paths = folders.flatMap((folder) => files.map((file) => folder + file))
const forbiddenShare = 0.15

/** One address asks for many odd paths; the shop has none of them. */
export const scanner = defineKind({
  harmless: false,
  lastsS: [600, 1_500],
  hours: anyHours,
  parameters: { per_minute: amount(1, 10_000) },
  plan: (given, random) => {
    const perMinute = given.per_minute ?? 30 + random.below(91)
    return {
      service: 'web',
      detail: `${perMinute} odd paths a minute from one address`,
      begin: (stage) => ({ others: [scan(stage, perMinute)] }),
    }
  },
})

function* scan({ shop, startUs, endUs }: Stage, perMinute: number): Generator<ShopEvent> {
  const { random, ids } = shop
  const place = {
    ipAddress: rentedAddress(random),
    userAgent: random.pick(programs),
    networkMs: random.between(8, 90),
  }
  const who = guest(ids.next(), newcomer(shop, place))
  let step = random.below(paths.length)
  for (const atUs of moments(random, { fromUs: startUs, untilUs: endUs, perMinute, beat: 'steady' })) {
    // 7 and 120 have no common divisor, so all paths have their turn, in an order that nobody would walk.
    step = (step + 7) % paths.length
    const outcome = random.chance(forbiddenShare) ? outcomes.forbidden : outcomes.notFound
    const url = paths[step]
    yield request(shop, { atUs, who, outcome, call: calls.about, ...(url === undefined ? {} : { url }) })
  }
}
