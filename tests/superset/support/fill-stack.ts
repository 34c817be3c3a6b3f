import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProcess } from '../../support/server-process.js'
import { runToEnd, type StackPlace } from '../../support/stack.js'
import { until } from '../../support/until.js'
import { judgePast } from './judge-past.js'

const generator = join(import.meta.dirname, '../../../packages/generator/dist/main.js')
const scenario = join(import.meta.dirname, 'incidents.yaml')
const hourMs = 3_600_000
/** What is looked at begins so many whole hours before this one. */
const hoursBack = 4
const eventsPerS = 6
/** Traffic is made for what the tests will take too. */
const minutesAhead = 8
const withinMs = 120_000

/** What a stack was filled with, and how to ask its API about it. */
export interface Filled {
  /** Bounds of whole hours of traffic, milliseconds since 1970. */
  fromMs: number
  toMs: number
  /** Asks the API. @throws when the answer is no 200. */
  ask(path: string): Promise<unknown>
}

/** Fills a running stack with made-up traffic and what the detector finds in its last hours, and with lines that are no events. */
export async function fillStack(place: StackPlace): Promise<Filled> {
  const { dataDir, ports } = place
  const toMs = Math.floor(Date.now() / hourMs) * hourMs
  const fromMs = toMs - hoursBack * hourMs
  await generate(place, fromMs - hourMs)
  const wrong = join(dataDir, 'no-events.ndjson')
  writeFileSync(
    wrong,
    '{"level":"INFO"}\nnot a line of JSON\n{"timestamp":"yesterday","level":"INFO"}\n'.repeat(5),
  )
  const places = [
    '--nats-port',
    ports.nats,
    '--clickhouse-port',
    ports.clickhouse,
    '--data-dir',
    dataDir,
  ].map(String)
  const imported = await runToEnd('import', '--format', 'json', ...places, wrong)
  if (imported.code !== 0) throw new Error(imported.output)
  const key = readFileSync(join(dataDir, 'api-key'), 'utf8').trim()
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${ports.api}${path}`, {
      headers: { Authorization: `Bearer ${key}` },
    })
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  await until(
    'everything is stored',
    async () => {
      const { chunks, last_seq: last } = (await ask('/v1/pipeline/lag')) as {
        chunks: number
        last_seq: number
      }
      return (last > 0 && chunks === 0) || undefined
    },
    withinMs,
  )
  await judgePast(place, fromMs)
  return { fromMs, toMs, ask }
}

async function generate({ ports }: StackPlace, startMs: number): Promise<void> {
  const seconds = Math.ceil((Date.now() - startMs) / 1000) + minutesAhead * 60
  const args = [
    ['--nats-url', `nats://127.0.0.1:${ports.nats}`, '--clickhouse-port', String(ports.clickhouse)],
    ['--rate', '0', '--steady', '--seed', '7', '--anomaly-rate', '0.01', '--scenario', scenario],
    ['--start', new Date(startMs).toISOString(), '--duration', String(seconds)],
    ['--sim-rate', String(eventsPerS)],
  ]
  const made = startProcess(process.execPath, [generator, ...args.flat()])
  const code = await until('the traffic is made', async () => made.child.exitCode ?? undefined, withinMs)
  if (code !== 0) throw new Error(made.output())
}
