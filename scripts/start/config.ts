import {
  flag,
  integer,
  option,
  readOptions,
  privacyOption,
  retentionOption,
  stackOptions,
} from '@pulsehouse/platform'
import { resolve } from 'node:path'
import { z } from 'zod'
import { pythonOption } from '../superset/python-option.js'

const command = {
  usage: 'npm start -- [options]',
  summary:
    'Runs the whole stack on this machine: nats-server, ClickHouse (embedded), ingester, detector, API, a traffic generator, and Superset with its dashboards.',
  options: {
    ...stackOptions,
    rate: option({
      flag: 'rate',
      value: 'N',
      help: 'Events a second that the generator makes on average; 0 is as fast as it goes (default 200)',
      schema: integer(0, 1_000_000, 200),
    }),
    scenario: option({
      flag: 'scenario',
      value: 'FILE|NAME',
      help: 'Incidents over time that the generator makes, as showcase: each kind once within two hours',
      schema: z.string().min(1).optional(),
    }),
    rules: option({
      flag: 'rules',
      env: 'PULSEHOUSE_RULES',
      value: 'FILE',
      help: 'What the detector looks for (default packages/detector/rules.yaml)',
      schema: z
        .string()
        .min(1)
        .transform((path) => resolve(path))
        .optional(),
    }),
    noGenerator: flag({ flag: 'no-generator', help: 'Make no traffic' }),
    noSuperset: flag({ flag: 'no-superset', help: 'Leave Superset and its dashboards out' }),
    python: pythonOption,
    fresh: flag({ flag: 'fresh', help: 'Delete what is stored in the data folder first; the keys stay' }),
    verbose: flag({ flag: 'verbose', help: 'Show what every part logs' }),
    privacy: privacyOption,
    retentionDays: retentionOption,
  },
}

/** The settings of a start. @throws UsageError with all violations at once. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv) {
  return { ...readOptions(command, argv, env).values, env }
}

/** The settings of a start. */
export type StartConfig = ReturnType<typeof readConfig>
