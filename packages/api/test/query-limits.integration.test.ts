import { z } from '@hono/zod-openapi'
import { expect, onTestFinished, test } from 'vitest'
import { problemOf } from '../src/http/failure.js'
import { runQuery, type NamedQuery } from '../src/query/named-query.js'
import type { Problem } from '../src/http/problem.js'
import { startMigratedClickhouse } from './support/stack.js'

/** A query of the test's own. */
function queryOf(sql: string): NamedQuery<Record<string, never>, Record<string, unknown>> {
  return {
    name: 'test_query',
    parameters: z.record(z.string(), z.never()),
    row: z.record(z.string(), z.unknown()),
    sql: () => sql,
  }
}

test('ClickHouse holds every query to its limits, and each is a sentence of its own', async () => {
  const stack = await startMigratedClickhouse()
  onTestFinished(() => stack.close())
  const run = { clickhouse: stack.clickhouse, timeLimitMs: 20_000 }
  const refusal = async (sql: string): Promise<Problem> =>
    await runQuery(queryOf(sql), {}, run).then(
      (rows) => {
        throw new Error(`${rows.length} rows and no refusal`)
      },
      (error: unknown) => problemOf(error),
    )

  expect(await runQuery(queryOf('SELECT number FROM numbers(100000)'), {}, run)).toHaveLength(100_000)
  const rows = await refusal('SELECT number FROM numbers(100001)')
  expect([rows.kind, rows.message]).toEqual(['too-many-rows', expect.stringContaining('(396)')])

  const bytes = await refusal("SELECT repeat('x', 200000 + number % 2) AS text FROM numbers(1000)")
  expect([bytes.kind, bytes.message]).toEqual([
    'too-many-bytes',
    expect.stringMatching(/\(396\).* 16 MiB .*smaller limit.*as a file/),
  ])
  // Of many blocks the first ones have left before it is too much.
  const later = await refusal("SELECT repeat('x', 200 + number % 2) AS text FROM numbers(100000)")
  expect(later.kind).toBe('too-many-bytes')

  const memory = await refusal('SELECT length(range(400000000 + materialize(1)))')
  expect([memory.kind, memory.message]).toEqual([
    'memory-limit',
    expect.stringMatching(/MEMORY_LIMIT_EXCEEDED \(241\).*group by less/),
  ])

  const time = await runQuery(
    queryOf('SELECT sum(number) FROM system.numbers'),
    {},
    { ...run, timeLimitMs: 2_000 },
  )
    .then(() => undefined)
    .catch((error: unknown) => problemOf(error))
  expect(time?.kind).toBe('time-limit')
})

test('the API’s own user changes nothing and sets no settings', async () => {
  const stack = await startMigratedClickhouse()
  onTestFinished(() => stack.close())
  for (const sql of [
    'DROP TABLE logs',
    "INSERT INTO logs (timestamp, level, received_day) VALUES (now64(6), 'INFO', today())",
    'SELECT 1 SETTINGS max_execution_time = 600',
    "SELECT * FROM file('/etc/passwd', LineAsString)",
  ]) {
    await expect(stack.clickhouse.query(sql), sql).rejects.toThrow(/READONLY|readonly|privileges/)
  }
  expect(await stack.clickhouse.query('SELECT count() AS n FROM logs')).toEqual([{ n: 0 }])
})
