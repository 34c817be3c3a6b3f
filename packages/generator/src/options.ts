import { randomInt } from 'node:crypto'
import { parseIsoMicros } from '@pulsehouse/events'
import {
  flag,
  integer,
  option,
  stackOptions,
  type CommandDescription,
  type OptionValues,
} from '@pulsehouse/platform'
import { z } from 'zod'

const seedMax = 2 ** 47
const countMax = Number.MAX_SAFE_INTEGER
const durationMaxS = 10 * 366 * 86_400

const options = {
  rate: option({
    flag: 'rate',
    env: 'PULSEHOUSE_RATE',
    value: 'N',
    help: 'Events a second, on average over a day (default 200); 0 is as fast as it goes',
    schema: integer(0, 1_000_000, 200),
  }),
  steady: flag({ flag: 'steady', help: 'The same rate at every hour instead of the rhythm of a day' }),
  seed: option({
    flag: 'seed',
    value: 'N',
    help: 'The same seed and start give the same events (default: another one each time)',
    schema: integer(0, seedMax, randomInt(seedMax)),
  }),
  start: option({
    flag: 'start',
    value: 'ISO',
    help: 'Time of the first events, as 2026-11-22T08:00:00Z (default: now)',
    schema: z.string().optional().transform(startUs),
  }),
  simRate: option({
    flag: 'sim-rate',
    value: 'N',
    help: 'With --rate 0, how many events there are in a second of the events’ own time (default 200)',
    schema: integer(1, 1_000_000, 200),
  }),
  count: option({
    flag: 'count',
    value: 'N',
    help: 'Stop after so many events (default 0: go on)',
    schema: integer(0, countMax, 0),
  }),
  duration: option({
    flag: 'duration',
    value: 'SECONDS',
    help: 'Stop after so many seconds of the events’ own time (default 0: go on)',
    schema: integer(0, durationMaxS, 0),
  }),
  users: option({
    flag: 'users',
    value: 'N',
    help: 'How many users the shop has (default 0: 5000, or as many as the rate needs)',
    schema: integer(0, 1_000_000, 0),
  }),
  anomalyRate: option({
    flag: 'anomaly-rate',
    value: 'P',
    help: 'Probability that an event is anomalous, 0 to 1 (default 0.002)',
    schema: probability(0.002),
  }),
  scenario: option({
    flag: 'scenario',
    value: 'NAME|FILE',
    help: 'Plant incidents: fortnight, showcase or a YAML file; what was planted goes to ClickHouse, unless --stdout',
    schema: z.string().min(1).optional(),
  }),
  truth: option({
    flag: 'truth',
    value: 'FILE',
    help: 'Write what was planted where to this file, as NDJSON',
    schema: z.string().min(1).optional(),
  }),
  stdout: flag({ flag: 'stdout', help: 'Print the events instead of publishing them' }),
  format: option({
    flag: 'format',
    value: 'FORMAT',
    help: 'json (NDJSON, the default) or pipe (the line format of the old shop)',
    schema: z.enum(['json', 'pipe'], { error: 'must be json or pipe' }).default('json'),
  }),
  ...stackOptions,
}

/** The values of the generator's options. */
export type GeneratorOptions = OptionValues<typeof options>

/** `npm run generate`. */
export const generateCommand: CommandDescription<typeof options> = {
  usage: 'npm run generate -- [options]',
  summary:
    'Makes the traffic of a shop: users, sessions, requests planted anomalies and incidents. Publishes it to the queue, or prints it.',
  options,
}

function probability(fallback: number): z.ZodType<number, string | undefined> {
  const error = 'must be a number from 0 to 1'
  return z
    .string()
    .default(String(fallback))
    .transform(Number)
    .pipe(z.number({ error }).min(0, { error }).max(1, { error }))
}

function startUs(text: string | undefined, context: z.RefinementCtx): number | undefined {
  const atUs = text === undefined ? undefined : parseIsoMicros(text)
  if (text !== undefined && atUs === undefined) {
    context.addIssue({ code: 'custom', message: 'must be an ISO 8601 time, as 2026-11-22T08:00:00Z' })
  }
  return atUs
}
