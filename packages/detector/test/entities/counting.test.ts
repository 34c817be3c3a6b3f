import { describe, expect, test } from 'vitest'
import { AddressesJudge } from '../../src/entities/addresses-judge.js'
import { AdminsJudge } from '../../src/entities/admins-judge.js'
import { LoginsJudge } from '../../src/entities/logins-judge.js'
import { SessionsJudge } from '../../src/entities/sessions-judge.js'
import type { BusyAddress, DividedSession, Logins, Minute } from '../../src/minutes/minute.js'
import { readRules } from '../../src/rules/read-rules.js'

const rules = readRules()
const minute = (number: number, parts: Partial<Minute>): Minute => ({
  seconds: number * 60,
  samples: [],
  logins: [],
  busy: [],
  divided: [],
  admins: [],
  ...parts,
})
const login = (user: string, failed: number, succeeded = 0, address = 'a'): Logins => ({
  address,
  network: 'n',
  user,
  failed,
  succeeded,
})

describe('logins', () => {
  test('of one user that fail again and again are guesses, and a success after them is said', () => {
    const judge = new LoginsJudge(rules)
    expect(judge.add(minute(0, { logins: [login('u', 6)] }))).toEqual([])
    const [guess] = judge.add(minute(1, { logins: [login('u', 6)] }))
    expect(guess).toMatchObject({
      kind: 'brute_force',
      observed: 12,
      entity: { type: 'user', value: 'u' },
      startedSeconds: 0,
    })
    expect(guess?.summary).toContain('none has succeeded')
    const [taken] = judge.add(minute(2, { logins: [login('u', 5, 1)] }))
    expect(taken).toMatchObject({ title: 'A password was guessed', observed: 17 })
  })

  test('are forgotten when the window has passed', () => {
    const judge = new LoginsJudge(rules)
    judge.add(minute(0, { logins: [login('u', 6)] }))
    expect(judge.add(minute(rules.brute_force.window_minutes, { logins: [login('u', 6)] }))).toEqual([])
  })

  test('of many users from one address are one finding; of the addresses of a network, one of the network', () => {
    const users = Array.from({ length: 20 }, (_, i) => `u${i}`)
    const one = new LoginsJudge(rules).add(minute(0, { logins: users.map((user) => login(user, 1)) }))
    expect(one).toHaveLength(1)
    expect(one[0]).toMatchObject({
      kind: 'credential_stuffing',
      observed: 20,
      entity: { type: 'ip_address', value: 'a' },
    })
    const many = new LoginsJudge(rules).add(
      minute(0, { logins: users.map((user) => login(user, 1, 0, `of ${user}`)) }),
    )
    expect(many.map(({ entity }) => entity)).toEqual([{ type: 'ip_network', value: 'n' }])
  })

  test('of an office, most of which succeed, are nothing', () => {
    const logins = Array.from({ length: 40 }, (_, i) => login(`u${i}`, i % 4 === 0 ? 1 : 0, 1))
    expect(new LoginsJudge(rules).add(minute(0, { logins }))).toEqual([])
  })
})

describe('addresses', () => {
  const paths = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i)
  const busy = (part: Partial<BusyAddress>): BusyAddress => ({
    address: 'a',
    network: 'n',
    service: 'catalog',
    events: 60,
    refused: 0,
    paths: [],
    refusedPaths: [],
    ...part,
  })

  test('that ask for many paths scrape; those that ask for the same ones do not', () => {
    const judge = new AddressesJudge(rules)
    for (const at of [0, 1, 2])
      expect(judge.add(minute(at, { busy: [busy({ paths: paths(60, at * 60) })] }))).toEqual([])
    expect(judge.add(minute(3, { busy: [busy({ paths: paths(60, 180) })] }))).toMatchObject([
      { kind: 'scraping', observed: 240, service: 'catalog' },
    ])
    const reloading = new AddressesJudge(rules)
    for (let at = 0; at < 10; at += 1)
      expect(reloading.add(minute(at, { busy: [busy({ events: 120, paths: paths(60) })] }))).toEqual([])
  })

  test('that are refused on many paths scan; a scraper that finds some pages gone does not', () => {
    const scanning = busy({ events: 40, refused: 38, paths: paths(38), refusedPaths: paths(38) })
    expect(new AddressesJudge(rules).add(minute(0, { busy: [scanning] }))).toMatchObject([
      { kind: 'scanner', observed: 38 },
    ])
    const reading = busy({ events: 300, refused: 30, paths: paths(300), refusedPaths: paths(30) })
    expect(new AddressesJudge(rules).add(minute(0, { busy: [reading] }))).toMatchObject([
      { kind: 'scraping' },
    ])
  })
})

test('an administrator in a new network is told of once, and only when the past is known', () => {
  const judge = new AdminsJudge(rules)
  const acts = (network: string) => ({ admins: [{ user: 'u', network, actions: 3 }] })
  expect(judge.add(minute(0, acts('home')))).toEqual([])
  const later = 5 * 1_440
  expect(judge.add(minute(later, acts('home')))).toEqual([])
  expect(judge.add(minute(later + 1, acts('elsewhere')))).toMatchObject([
    { kind: 'unusual_admin_action', severity: 'info', entity: { type: 'user', value: 'u' }, observed: 3 },
  ])
  expect(judge.add(minute(later + 2, acts('elsewhere')))).toEqual([])
})

describe('sessions', () => {
  const divided = (at: number, agents: string[], networks: string[]): DividedSession => ({
    seconds: at * 60,
    session: 's',
    user: 'u',
    agents,
    networks,
  })

  test('with two agents are used by two', () => {
    const judge = new SessionsJudge(rules)
    // The first client is only told when the second has come.
    const seen = judge.add(minute(3, { divided: [divided(1, ['x'], ['n']), divided(3, ['y'], ['m'])] }))
    expect(seen).toMatchObject([{ kind: 'session_reuse', startedSeconds: 60, lastSeconds: 180 }])
  })

  test('that change from one network to another are not', () => {
    const judge = new SessionsJudge(rules)
    expect(judge.add(minute(0, { divided: [divided(0, ['x'], ['n'])] }))).toEqual([])
    expect(judge.add(minute(1, { divided: [divided(1, ['x'], ['n', 'm'])] }))).toEqual([])
    expect(judge.add(minute(2, { divided: [divided(2, ['x'], ['m'])] }))).toEqual([])
    expect(judge.add(minute(3, { divided: [divided(3, ['x'], ['n', 'm'])] }))).toMatchObject([
      { kind: 'session_reuse' },
    ])
  })
})
