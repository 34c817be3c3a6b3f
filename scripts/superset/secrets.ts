import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The accounts that come with the stack. */
export const accounts = ['admin', 'viewer'] as const

/** One of them. */
export type Account = (typeof accounts)[number]

/** What Superset's accounts and cookies stand on; each is a file of a data folder that only its owner can read. */
export interface SupersetSecrets {
  secretKey: string
  passwords: Record<Account, string>
  /** The accounts whose password is new: Superset must be told, and `settlePasswords` that it was. */
  drawn: readonly Account[]
}

/** Where the password of an account is kept, for the commands that are printed. */
export function passwordFile(folder: string, account: Account): string {
  return join(folder, `${account}-password`)
}

/**
 * Reads the secrets of a data folder, and draws those that are missing. The secret key stays as long as the folder: the
 * metadata database is encrypted with it.
 *
 * A password that was drawn lies in a file of its own until Superset has taken it: who stops in between finds it there
 * the next time, and until then the old one opens the account.
 *
 * @param redraw draws the passwords anew.
 */
export function loadSecrets(folder: string, redraw: boolean): SupersetSecrets {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const keyFile = join(folder, 'secret-key')
  const secretKey = read(keyFile) || draw(keyFile, 32)
  const [admin, viewer] = [loadPassword(folder, 'admin', redraw), loadPassword(folder, 'viewer', redraw)]
  return {
    secretKey,
    passwords: { admin, viewer },
    drawn: accounts.filter((account) => existsSync(drawnFile(folder, account))),
  }
}

/** Superset has taken the passwords that were drawn: from now on they are the accounts'. */
export function settlePasswords(folder: string, drawn: readonly Account[]): void {
  for (const account of drawn) renameSync(drawnFile(folder, account), passwordFile(folder, account))
}

function loadPassword(folder: string, account: Account, redraw: boolean): string {
  const drawn = drawnFile(folder, account)
  const known = existsSync(drawn) ? drawn : passwordFile(folder, account)
  return (redraw ? '' : read(known)) || draw(drawn, 15)
}

function drawnFile(folder: string, account: Account): string {
  return `${passwordFile(folder, account)}.new`
}

function draw(file: string, bytes: number): string {
  const text = randomBytes(bytes).toString('base64url')
  writeFileSync(file, `${text}\n`, { mode: 0o600 })
  return text
}

function read(file: string): string {
  try {
    chmodSync(file, 0o600)
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
