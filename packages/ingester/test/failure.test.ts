import { InsertError, StateConflict } from '@pulsehouse/platform'
import { describe, expect, test } from 'vitest'
import { UnsafeTables } from '../src/assert-deduplication.js'
import { failureOf } from '../src/failure.js'

describe('a failure', () => {
  test.each([
    ['no answer', new InsertError('ClickHouse did not answer: ECONNREFUSED'), 'retry'],
    ['an unknown code', new InsertError('logs: Code: 9999', 9999), 'retry'],
    ['another writer', new StateConflict('another process has written'), 'retry'],
    ['too many parts', new InsertError('logs: too many parts', 252), 'crowded'],
    ['no memory', new InsertError('logs: memory limit', 241), 'crowded'],
    ['a full disk of ClickHouse', new InsertError('logs: not enough space', 243), 'crowded'],
    ['a full disk of NATS', new Error('insufficient storage resources available'), 'crowded'],
    ['a missing table', new InsertError('logs: no such table', 60), 'permanent'],
    ['a wrong password', new InsertError('logs: authentication failed', 516), 'permanent'],
    ['tables without windows', new UnsafeTables('no window'), 'permanent'],
  ])('of %s', (_, error, kind) => {
    expect(failureOf(error).kind).toBe(kind)
  })

  test('of a full disk says what to do', () => {
    expect(failureOf(new InsertError('logs: Code: 243', 243)).why).toContain('free some space')
  })
})
