import { parseArgs } from 'node:util'
import { z } from 'zod'

/**
 * One command-line option of a command. Its value comes from the flag, else from the environment variable,
 * else from the schema's default; whichever it is, the schema checks it.
 */
export interface Option<T> {
  /** Flag without its dashes, in kebab case: `api-port`. */
  flag: string
  /** Environment variable that stands in for the flag. */
  env?: string
  /** What the value is called in `--help`; an option without one is a switch. */
  value?: string
  /** One line for `--help`. */
  help: string
  /** Schema of the text on the command line; a switch gives `'true'` or nothing. */
  schema: z.ZodType<T, string | undefined>
}

/** The options of a command by the name that its code uses. */
export type Options = Record<string, Option<unknown>>

/** The values that a set of options reads to. */
export type OptionValues<O extends Options> = { [K in keyof O]: O[K] extends Option<infer T> ? T : never }

/** What a command is, for its `--help`. */
export interface CommandDescription<O extends Options> {
  /** As the user types it: `npm run import -- [options] FILE…` */
  usage: string
  /** One or two sentences. */
  summary: string
  options: O
  /** Whether words without dashes are taken; they are refused otherwise. */
  positionals?: boolean
}

/** The user asked for something that the command does not take; the message says what, one line a violation. */
export class UsageError extends Error {}

/** The user asked for `--help`; the message is the text to print. */
export class HelpRequested extends Error {}

/** Keeps an option's own type where a record of options is written down. */
export function option<T>(definition: Option<T>): Option<T> {
  return definition
}

/** A switch: absent is false. */
export function flag(definition: Omit<Option<boolean>, 'schema' | 'value'>): Option<boolean> {
  const schema = z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
  return { ...definition, schema }
}

/** A whole number within limits, with a default. */
export function integer(min: number, max: number, fallback: number): z.ZodType<number, string | undefined> {
  const error = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .default(String(fallback))
    .transform(Number)
    .pipe(z.int({ error }).min(min, { error }).max(max, { error }))
}

/**
 * Reads a command's options and positional words.
 *
 * @throws {UsageError} with every violation at once, a line each.
 * @throws {HelpRequested} when `--help` is among the words.
 */
export function readOptions<O extends Options>(
  command: CommandDescription<O>,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): { values: OptionValues<O>; positionals: string[] } {
  if (argv.includes('--help') || argv.includes('-h')) throw new HelpRequested(helpText(command))
  const { values: given, positionals } = parseWords(command, argv)
  const violations: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, definition] of Object.entries(command.options)) {
    const fromEnv = definition.env === undefined ? undefined : env[definition.env]
    const text = given[definition.flag] ?? (fromEnv === '' ? undefined : fromEnv)
    const parsed = definition.schema.safeParse(text)
    if (parsed.success) {
      values[name] = parsed.data
      continue
    }
    const source =
      given[definition.flag] === undefined
        ? (definition.env ?? `--${definition.flag}`)
        : `--${definition.flag}`
    const why = parsed.error.issues.map((issue) => issue.message).join('; ')
    violations.push(`${source} ${text === undefined ? 'is missing' : `is "${text}"`}: ${why}`)
  }
  if (violations.length > 0) throw new UsageError(violations.join('\n'))
  return { values: values as OptionValues<O>, positionals }
}

function parseWords(
  command: CommandDescription<Options>,
  argv: readonly string[],
): { values: Record<string, string>; positionals: string[] } {
  const known = Object.values(command.options).map(
    (definition) =>
      [definition.flag, { type: definition.value === undefined ? 'boolean' : 'string' }] as const,
  )
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: Object.fromEntries(known),
      allowPositionals: command.positionals === true,
    })
    return {
      values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)])),
      positionals,
    }
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.?\s*\n|\. /)
    throw new UsageError(`${sentence ?? 'Unknown option'}. See: ${command.usage.split(' [')[0] ?? ''} --help`)
  }
}

function helpText(command: CommandDescription<Options>): string {
  const rows = Object.values(command.options).map((definition) => ({
    left: `  --${definition.flag}${definition.value === undefined ? '' : ` ${definition.value}`}`,
    right: definition.env === undefined ? definition.help : `${definition.help} [${definition.env}]`,
  }))
  const width = Math.max(...rows.map((row) => row.left.length)) + 2
  const lines = rows.map((row) => row.left.padEnd(width) + row.right)
  return [`Usage: ${command.usage}`, '', command.summary, '', 'Options:', ...lines, '  --help'].join('\n')
}
