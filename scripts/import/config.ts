import { z } from 'zod'
import { formats, parseIsoMicros, type FormatName } from '@pulsehouse/events'
import { option, readOptions, stackOptions, UsageError } from '@pulsehouse/platform'

const formatNames = Object.keys(formats) as [FormatName, ...FormatName[]]

const command = {
  usage: 'npm run import -- --format json|pipe|combined [options] FILE…',
  summary: 'Publishes the lines of log files, gzip too; without a file, or for -, standard input.',
  positionals: true,
  options: {
    format: option({
      flag: 'format',
      value: 'NAME',
      help: `Format of the lines: ${formatNames.join(', ')}`,
      schema: z.enum(formatNames, { error: `choose one of ${formatNames.join(', ')}` }),
    }),
    rebase: option({
      flag: 'rebase',
      value: 'TIME',
      help: 'Move the newest event to this time (now, or ISO 8601), and all others with it',
      schema: z
        .string()
        .refine(
          (text) => text === 'now' || parseIsoMicros(text) !== undefined,
          'must be now or an ISO 8601 time',
        )
        .optional(),
    }),
    ...stackOptions,
  },
} as const

/** The settings of an import. @throws UsageError with all violations at once. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv) {
  const { values, positionals } = readOptions(command, argv, env)
  const files = positionals.length === 0 ? ['-'] : positionals
  if (files.filter((file) => file === '-').length > 1)
    throw new UsageError('Standard input can be read only once.')
  return { ...values, format: formats[values.format], files }
}
