import { option, readOptions, UsageError } from '@pulsehouse/platform'
import { z } from 'zod'
import { presetNames } from './series/presets.js'

const folder = z.string().min(1).optional()

const command = {
  usage: 'npm run detect -- score --in DIR --out DIR [options]',
  summary:
    'Scores series of any origin: every *.csv of a folder (header timestamp,value; times ascending, seconds or milliseconds since 1970 or ISO 8601) becomes a file timestamp,value,score,alert. Each row is judged by those before it only.',
  positionals: true,
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

/** What to score, and where the scores go. @throws UsageError */
export function readScoreOptions(argv: readonly string[], env: NodeJS.ProcessEnv) {
  const { values, positionals } = readOptions(command, argv, env)
  const [action, ...more] = positionals
  if (action !== 'score' || more.length > 0)
    throw new UsageError(`There is one thing to do here: ${command.usage}`)
  const { in: input, out: output, state, preset } = values
  if (input === undefined || output === undefined)
    throw new UsageError(
      '--in DIR and --out DIR are needed: where the series are, and where their scores go.',
    )
  return { input, output, state, preset }
}
