import { randomBytes } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { dataFolder } from './stack-options.js'

const hexKey = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits (openssl rand -hex 32)')
const keysSchema = z.object({ pseudonymKey: hexKey, queueKey: hexKey })

/**
 * The stack's secrets. They never enter ClickHouse: whoever has only the database can't turn a pseudonym back.
 */
export type Keys = z.infer<typeof keysSchema>

/**
 * Reads the keys from the environment (`PULSEHOUSE_PSEUDONYM_KEY`, `PULSEHOUSE_QUEUE_KEY`), and what is not
 * there from `keys.json` in the data folder, which is made with mode 0600 at the first start.
 *
 * @throws when a key is malformed; the message names it and says how to make one.
 */
export function loadKeys(dataDir: string, env: NodeJS.ProcessEnv): Keys {
  const fromEnv = { pseudonymKey: env['PULSEHOUSE_PSEUDONYM_KEY'], queueKey: env['PULSEHOUSE_QUEUE_KEY'] }
  const complete = fromEnv.pseudonymKey !== undefined && fromEnv.queueKey !== undefined
  const file = dataFolder(dataDir).keys
  const stored = complete ? {} : readOrMakeFile(file)
  const parsed = keysSchema.safeParse({ ...stored, ...withoutUndefined(fromEnv) })
  if (parsed.success) return parsed.data
  const why = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')
  throw new Error(`The keys in the environment or in ${file} can't be used: ${why}`)
}

function withoutUndefined(record: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

function readOrMakeFile(file: string): Record<string, unknown> {
  const present = readJson(file)
  if (present !== undefined) return present
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  const keys: Keys = {
    pseudonymKey: randomBytes(32).toString('hex'),
    queueKey: randomBytes(32).toString('hex'),
  }
  writeFileSync(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  try {
    // Two parts may start at once: link() lets one of them win and never replaces a key that is in use.
    linkSync(draft, file)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    unlinkSync(draft)
  }
  chmodSync(file, 0o600)
  return readJson(file) ?? {}
}

function readJson(file: string): Record<string, unknown> | undefined {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw new Error(`${file} can't be read as keys; restore it from a backup, without it pseudonyms change`, {
      cause: error,
    })
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
