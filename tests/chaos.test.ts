import { expect, onTestFinished, test } from 'vitest'
import { runScript, runToEnd } from './support/stack.js'
import { until } from './support/until.js'

/** Nothing of the run may take longer, on a machine that does much beside, milliseconds. */
const pipelineWithinMs = 170_000

test(
  'chaos kills every part of a pipeline at moments of a seed and finds everything acknowledged once',
  async () => {
    const running = runScript('chaos', '--duration', '15', '--seed', '3', '--json')
    onTestFinished(() => running.stop('SIGTERM'))
    const code = await until(
      'chaos ends',
      () => Promise.resolve(running.child.exitCode ?? undefined),
      pipelineWithinMs,
    )
    const output = running.output()
    expect(code, output).toBe(0)
    const line = output.split('\n').find((text) => text.startsWith('{')) ?? ''
    const result = JSON.parse(line) as Record<string, number> & { faultsDone: Record<string, number> }
    expect(result).toMatchObject({ name: 'pipeline', pass: true, seed: 3, faults: [] })
    expect(result['accepted']).toBe((result['stored'] ?? 0) + (result['rejected'] ?? 0))
    expect(result['acknowledged']).toBeGreaterThan(0)
    expect(result['rejected']).toBeGreaterThan(0)
    expect(result.faultsDone['kills']).toBeGreaterThan(0)
  },
  pipelineWithinMs,
)

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
  expect([code, output]).toEqual([2, 'Name one of pipeline, clickhouse, soak.\n'])
})
