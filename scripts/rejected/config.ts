import { z } from 'zod'
import { parseIsoMicros, rejectionReasons } from '@pulsehouse/events'
import { flag, option, readOptions, stackOptions, UsageError } from '@pulsehouse/platform'

const wholeNumber = 'must be a whole number from 1 to 1000000'

const command = {
  usage: 'npm run rejected -- list | replay [options]',
  summary:
    'Lists what came in and was no event, and sends it through again after the decoder was mended: once, whatever is killed when. What would be refused again stays as it is.',
  positionals: true,
  options: {
    reason: option({
      flag: 'reason',
      value: 'REASON',
      help: `Only what was rejected for this: ${rejectionReasons.join(', ')}`,
      schema: z.enum(rejectionReasons, { error: `must be one of ${rejectionReasons.join(', ')}` }).optional(),
    }),
    since: option({
      flag: 'since',
      value: 'TIME',
      help: 'Only what arrived since then: 30m, 24h, 7d, or ISO 8601 (default: all that is kept)',
      schema: z.string().optional(),
    }),
    limit: option({
      flag: 'limit',
      value: 'N',
      help: 'So many at the most: list 20 by default, replay all',
      schema: z
        .string()
        .optional()
        .transform((text) => (text === undefined ? undefined : Number(text)))
        .pipe(z.int(wholeNumber).min(1, wholeNumber).max(1_000_000, wholeNumber).optional()),
    }),
    all: flag({ flag: 'all', help: 'List what was replayed, too' }),
    dryRun: flag({ flag: 'dry-run', help: 'Say what replay would do, and send nothing' }),
    json: flag({ flag: 'json', help: 'Print one JSON object' }),
    ...stackOptions,
  },
} as const

/** Which rejected events are meant. */
export interface RejectedFilter {
  /** Empty for all. */
  reason: string
  /** Microseconds since 1970. */
  sinceMicros: number
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** The settings of the command. @throws UsageError with what is wrong. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv, nowMs: number) {
  const { values, positionals } = readOptions(command, argv, env)
  const [action, ...rest] = positionals
  if ((action !== 'list' && action !== 'replay') || rest.length > 0) {
    throw new UsageError('Say list or replay, and nothing else: npm run rejected -- --help')
  }
  const filter: RejectedFilter = { reason: values.reason ?? '', sinceMicros: sinceOf(values.since, nowMs) }
  return { ...values, action, filter } as const
}

function sinceOf(text: string | undefined, nowMs: number): number {
  if (text === undefined) return 0
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  const micros =
    count === undefined
      ? parseIsoMicros(text)
      : (nowMs - Number(count) * unitMs[unit as keyof typeof unitMs]) * 1000
  if (micros === undefined)
    throw new UsageError(`--since is "${text}": must be like 30m, 24h, 7d, or an ISO 8601 time`)
  return Math.max(micros, 0)
}
