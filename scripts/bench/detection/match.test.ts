import { expect, test } from 'vitest'
import { ring } from './baseline.js'
import { match, type Claim } from './match.js'
import type { Planted } from './planted.js'
import { scoreOf } from './score.js'
import { staticThresholds, type MinuteTotals } from './static-thresholds.js'
import { describeKinds, describeMistakes } from './tables.js'

const hourS = 3_600

function planted(kind: string, atS: number, rest: Partial<Planted> = {}): Planted {
  return { kind, harmless: false, startedSeconds: atS, endedSeconds: atS + 1_800, detail: '', ...rest }
}

/** Something that was told two minutes after it began and lasted ten. */
function claim(kind: Claim['kinds'][number], atS: number, rest: Partial<Claim> = {}): Claim {
  const times = { startedSeconds: atS, endedSeconds: atS + 600, toldSeconds: atS + 120 }
  return { kinds: [kind], title: kind, ...times, ...rest }
}

test('what overlaps and is of the family is found, with its delay', () => {
  const { incidents, wrong } = match(
    [planted('slow_degradation', hourS), planted('scanner', 9 * hourS)],
    [claim('latency_regression', hourS + 60)],
  )
  expect(incidents.map(({ delayS }) => delayS)).toEqual([180, undefined])
  expect(wrong).toEqual([])
})

test.for([
  ['latency_regression', 'error_burst', false],
  ['error_burst', 'checkout_failures', true],
  ['traffic_drop', 'no_events', true],
  ['traffic_drop', 'traffic_surge', false],
  ['credential_stuffing', 'login_failures', true],
  ['brute_force', 'unusual_admin_action', true],
  ['password_spraying', 'unusual_admin_action', false],
  ['scanner', 'scraping', true],
  ['session_reuse', 'scraping', false],
  ['outlying_carts', 'outlying_carts', true],
] as const)('%s is shown by %s: %s', ([kind, told, isFound]) => {
  const { incidents, wrong } = match([planted(kind, hourS)], [claim(told, hourS)])
  expect(incidents[0]?.delayS !== undefined).toBe(isFound)
  expect(wrong).toHaveLength(isFound ? 0 : 1)
})

test('one kind of the claim is enough', () => {
  const told = claim('traffic_surge', hourS, { kinds: ['traffic_surge', 'scraping'] })
  expect(match([planted('scraping', hourS)], [told]).wrong).toEqual([])
})

test('ten minutes after the end it is still about the incident, then no more', () => {
  const one = planted('scanner', hourS)
  const after = (seconds: number) => match([one], [claim('scanner', one.endedSeconds + seconds)]).wrong
  expect(after(599)).toHaveLength(0)
  expect(after(600)).toHaveLength(1)
})

test('what was told before the incident began is about something else', () => {
  const long = claim('scanner', 0, { endedSeconds: 9 * hourS })
  const { incidents, wrong } = match([planted('scanner', hourS)], [long])
  expect(incidents[0]?.delayS).toBeUndefined()
  expect(wrong).toHaveLength(1)
})

test('a second claim about the same incident is neither right nor wrong, and the first to be told counts', () => {
  const told = [claim('scanner', hourS + 600), claim('scraping', hourS)]
  const { incidents, repeated, wrong } = match([planted('scanner', hourS)], told)
  expect(incidents[0]?.delayS).toBe(120)
  expect(repeated.map(({ title }) => title)).toEqual(['scanner'])
  expect(wrong).toEqual([])
})

test('a claim about a look-alike is wrong, and counted there', () => {
  const sale = planted('flash_sale', hourS, { harmless: true })
  const { wrong } = match([sale], [claim('traffic_surge', hourS), claim('scanner', 9 * hourS)])
  expect(wrong.map(({ lookalike }) => lookalike?.kind)).toEqual(['flash_sale', undefined])
})

test('the score and the tables add it up', () => {
  const sale = planted('flash_sale', 5 * hourS, { harmless: true })
  const one = match(
    [planted('scanner', hourS), sale],
    [claim('scanner', hourS), claim('traffic_surge', 5 * hourS)],
  )
  const other = match([planted('scanner', hourS)], [])
  const score = scoreOf([one, other], 20)
  expect(score).toEqual({
    planted: 2,
    found: 1,
    recall: 0.5,
    precision: 0.5,
    wrongADay: 0.05,
    medianDelayS: 120,
    repeated: 0,
    wrong: 1,
  })
  const table = describeKinds([one, other], [other, other]).map((line) => line.split(/ {2,}/))
  expect(table[1]).toEqual(['scanner', '2', '1', '0.50', '2.0 min', '0', '–'])
  expect(table[3]?.slice(0, 3)).toEqual(['flash_sale', '1', '1'])
  expect(describeMistakes(one)).toEqual([
    'false 1970-01-01T05:00 traffic_surge: traffic_surge (on a look-alike: flash_sale)',
  ])
  expect(describeMistakes(other)[0]).toContain('missed 1970-01-01T01:00 scanner')
})

test('without any claim the precision is 0, not a half of nothing', () => {
  expect(scoreOf([match([planted('scanner', 0)], [])], 1)).toMatchObject({ precision: 0, recall: 0 })
})

test('an alarm rings after two minutes in a row, and once for what goes on', () => {
  const threshold = staticThresholds.find(({ kind }) => kind === 'login_failures')
  if (threshold === undefined) throw new Error('There is no alarm on logins.')
  const failed = [9, 0, 9, 9, 9, 0, 9, 9, ...Array<number>(40).fill(0), 9, 9]
  const minutes = failed.map((loginsFailed, index): MinuteTotals => {
    return { seconds: index * 60, events: 100, serverErrors: 0, responseTimeP95: 100, loginsFailed }
  })
  expect(ring(threshold, minutes)).toMatchObject([
    { startedSeconds: 120, toldSeconds: 240, endedSeconds: 480 },
    { startedSeconds: 48 * 60, toldSeconds: 50 * 60, endedSeconds: 50 * 60 },
  ])
})
