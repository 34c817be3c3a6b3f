import { randomInt } from 'node:crypto'
import { resolve } from 'node:path'
import { flag, integer, option, readOptions, UsageError, type OptionValues } from '@pulsehouse/platform'
import { z } from 'zod'

const seedMax = 2 ** 31 - 1
const minutesMax = 24 * 60

const options = {
  duration: option({
    flag: 'duration',
    value: 'SECONDS',
    help: 'pipeline: how long its parts are killed (default 600); one longer stop of ClickHouse in every 200 s',
    schema: integer(1, 86_400, 600),
  }),
  rate: option({
    flag: 'rate',
    value: 'N',
    help: 'pipeline: events a second of the generator (default 2000); two producers that remember add 500',
    schema: integer(1, 100_000, 2_000),
  }),
  ingesters: option({
    flag: 'ingesters',
    value: 'N',
    help: 'pipeline: how many ingesters there are, of which one stores and the other stands by (default 2)',
    schema: integer(1, 2, 2),
  }),
  kills: option({
    flag: 'kills',
    value: 'N',
    help: 'clickhouse: how many times the server is killed (default 200)',
    schema: integer(1, 100_000, 200),
  }),
  minutes: option({
    flag: 'minutes',
    value: 'N',
    help: 'soak: how long it goes on; parts of a minute too (default 10)',
    schema: minutes(),
  }),
  clients: option({
    flag: 'clients',
    value: 'N',
    help: 'soak: how many clients there are (default 20)',
    schema: integer(7, 200, 20),
  }),
  seed: option({
    flag: 'seed',
    value: 'N',
    help: 'The same seed draws the same kills and batches (default: another one each time)',
    schema: integer(0, seedMax, randomInt(seedMax)),
  }),
  data: option({
    flag: 'data',
    value: 'DIR',
    help: 'Folder of the tables, empty or new; it is kept (default: a temporary one, kept when something is wrong)',
    schema: z
      .string()
      .transform((dir) => resolve(dir))
      .optional(),
  }),
  json: flag({ flag: 'json', help: 'Print the result as one JSON object' }),
}

const command = {
  usage: 'npm run chaos -- [pipeline|clickhouse|soak] [options]',
  summary:
    'Proves what the pipeline and the embedded ClickHouse promise, on servers of its own:\n' +
    '  pipeline (the default): kills and holds up every part under load; everything acknowledged is stored exactly once\n' +
    '  clickhouse: kills the embedded server at random moments of inserts with views; nothing may be lost or doubled\n' +
    '  soak: many clients of all kinds for a while; no wrong answer, no stuck request, no growing memory',
  positionals: true,
  options,
}

/** The options of a run. */
export type ChaosOptions = OptionValues<typeof options> & {
  /** What the processes that are started have in their environment. */
  env: NodeJS.ProcessEnv
}

/** Reads which run it is, the first one where none is named, and its options. @throws UsageError when there is no such run. */
export function readConfig<Name extends string>(
  names: readonly Name[],
  argv: readonly string[],
): { name: Name; values: ChaosOptions } {
  const { values, positionals } = readOptions(command, argv, process.env)
  const name = names.find((known) => known === (positionals[0] ?? names[0]))
  if (name === undefined || positionals.length > 1) throw new UsageError(`Name one of ${names.join(', ')}.`)
  const { PATH, HOME } = process.env
  return { name, values: { ...values, env: { PATH, HOME } } }
}

function minutes(): z.ZodType<number, string | undefined> {
  const error = `must be a number above 0, at most ${minutesMax}`
  return z
    .string()
    .default('10')
    .transform(Number)
    .pipe(z.number({ error }).gt(0, { error }).max(minutesMax, { error }))
}
