import { expect, test } from 'vitest'
import { runToEnd } from './support/stack.js'

test('chaos clickhouse kills a server at moments of a seed and finds everything once', async () => {
  const { code, output } = await runToEnd('chaos', 'clickhouse', '--kills', '6', '--seed', '5', '--json')
  expect(code, output).toBe(0)
  const result = JSON.parse(output.slice(output.indexOf('{'))) as Record<string, unknown>
  expect(result).toMatchObject({ name: 'clickhouse', pass: true, seed: 5, kills: 6, faults: [] })
  expect(result['batches']).toBeGreaterThan(0)
})

test('chaos soak lets clients of all kinds work and finds every answer right', async () => {
  const { code, output } = await runToEnd('chaos', 'soak', '--minutes', '0.1', '--seed', '5', '--json')
  expect(code, output).toBe(0)
  const result = JSON.parse(output.slice(output.indexOf('{'))) as { turns: Record<string, number> }
  expect(result).toMatchObject({ name: 'soak', pass: true, seed: 5, clients: 20, faults: [] })
  expect(Object.keys(result.turns)).toHaveLength(8)
})

test('chaos says what it can do when it is called wrongly', async () => {
  const { code, output } = await runToEnd('chaos', 'everything')
  expect([code, output]).toEqual([2, 'Name one of clickhouse, soak.\n'])
})
