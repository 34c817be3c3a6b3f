import { flag, option, readOptions, stackOptions, UsageError } from '@pulsehouse/platform'
import { z } from 'zod'
import { wholeMinute } from './minutes/whole-minute.js'
import { presetNames } from './series/presets.js'

const folder = z.string().min(1).optional()

const rules = option({
  flag: 'rules',
  env: 'PULSEHOUSE_RULES',
  value: 'FILE',
  help: 'What to look for (default packages/detector/rules.yaml)',
  schema: z.string().min(1).optional(),
})

const scoreCommand = {
  usage: 'npm run detect -- score --in DIR --out DIR [options]',
  summary:
    'Scores series of any origin: every *.csv of a folder (header timestamp,value; times ascending, seconds or milliseconds since 1970 or ISO 8601) becomes a file timestamp,value,score,alert. Each row is judged by those before it only.',
  options: {
    preset: option({
      flag: 'preset',
      value: presetNames.join('|'),
      help: 'ops for statistics of running services, novelty for what a series never had (default: ops)',
      schema: z
        .enum(presetNames, { error: `must be one of ${presetNames.join(', ')}` })
        .default(presetNames[0]),
    }),
    in: option({ flag: 'in', value: 'DIR', help: 'Folder with the series', schema: folder }),
    out: option({ flag: 'out', value: 'DIR', help: 'Folder for the scores', schema: folder }),
    state: option({
      flag: 'state',
      value: 'DIR',
      help: 'Folder that keeps what was learned of each file, to go on with a later part of it in a file of the same name',
      schema: folder,
    }),
  },
}

const backtestCommand = {
  usage: 'npm run detect -- backtest --from ISO --to ISO [options]',
  summary:
    'Judges the past by the rules, as the detector would have done it: how often each would have fired, and on what. Nothing is written.',
  options: {
    ...stackOptions,
    rules,
    from: option({ flag: 'from', value: 'ISO', help: 'Beginning, as 2026-11-01T00:00:00Z', schema: time() }),
    to: option({ flag: 'to', value: 'ISO', help: 'End (default: now)', schema: time() }),
    alertsADay: option({
      flag: 'alerts-a-day',
      value: 'N',
      help: 'Suggest how much evidence each rule should ask for, so that it fires so often a day',
      schema: z
        .string()
        .transform(Number)
        .pipe(z.number('must be a number above 0').positive('must be a number above 0'))
        .optional(),
    }),
    json: flag({ flag: 'json', help: 'Print one JSON object instead of a table' }),
  },
}

const detectCommand = {
  usage: 'npm run detect -- [options]\n       npm run detect -- score|backtest --help',
  summary:
    'Judges every minute when it is closed, writes what it finds into ClickHouse, and tells people. `score` scores series of any origin, `backtest` tries rules on the past.',
  options: {
    ...stackOptions,
    rules,
    publicUrl: option({
      flag: 'public-url',
      env: 'PULSEHOUSE_PUBLIC_URL',
      value: 'URL',
      help: 'Where people reach the API of this stack, for links in alerts',
      schema: z.url().optional(),
    }),
  },
}

/** What was asked for. */
export type DetectorTask =
  | {
      task: 'score'
      input: string
      output: string
      state: string | undefined
      preset: (typeof presetNames)[number]
    }
  | ({ task: 'backtest' } & ReturnType<typeof readBacktest>)
  | ({ task: 'detect' } & ReturnType<typeof readDetect>)

/**
 * Reads the command line. The first word, if it is one without dashes, says what to do.
 *
 * @throws {UsageError} with all violations at once.
 */
export function readTask(argv: readonly string[], env: NodeJS.ProcessEnv): DetectorTask {
  const [word = '', ...rest] = argv
  if (word === 'score') return readScore(rest, env)
  if (word === 'backtest') return { task: 'backtest', ...readBacktest(rest, env) }
  return { task: 'detect', ...readDetect(argv, env) }
}

function readScore(argv: readonly string[], env: NodeJS.ProcessEnv): DetectorTask {
  const { in: input, out: output, state, preset } = readOptions(scoreCommand, argv, env).values
  if (input === undefined || output === undefined)
    throw new UsageError(
      '--in DIR and --out DIR are needed: where the series are, and where their scores go.',
    )
  return { task: 'score', input, output, state, preset }
}

function readBacktest(argv: readonly string[], env: NodeJS.ProcessEnv) {
  const { values } = readOptions(backtestCommand, argv, env)
  const { from, to = Date.now() / 1000 } = values
  if (from === undefined)
    throw new UsageError('--from ISO is needed: where the past begins that is to be judged.')
  if (to - from < 60) throw new UsageError('--to must be a minute after --from at least.')
  return { ...values, from: wholeMinute(from), to: wholeMinute(to) }
}

function readDetect(argv: readonly string[], env: NodeJS.ProcessEnv) {
  const { values } = readOptions(detectCommand, argv, env)
  return { ...values, secretOf: (name: string) => env[name] }
}

/** A time, seconds since 1970. */
function time(): z.ZodType<number | undefined, string | undefined> {
  return z
    .string()
    .transform((text, context) => {
      const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
      if (Number.isNaN(ms)) context.addIssue('must be an ISO 8601 time, as 2026-11-22T08:00:00Z')
      return ms / 1000
    })
    .optional()
}
