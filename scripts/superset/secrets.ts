import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What Superset's accounts and cookies stand on; each is a file of a data folder that only its owner can read. */
export interface SupersetSecrets {
  secretKey: string
  adminPassword: string
  viewerPassword: string
  /** Whether a password is new, so that the accounts must be given it. */
  drawn: boolean
}

/** Where the password of an account is kept, for the commands that are printed. */
export function passwordFile(folder: string, account: 'admin' | 'viewer'): string {
  return join(folder, `${account}-password`)
}

/**
 * Reads the secrets of a data folder, and draws those that are missing. The secret key stays as long as the folder: the
 * metadata database is encrypted with it.
 *
 * @param redraw draws the passwords anew.
 */
export function loadSecrets(folder: string, redraw: boolean): SupersetSecrets {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const secretKey = keep(join(folder, 'secret-key'), 32, false)
  const admin = keep(passwordFile(folder, 'admin'), 15, redraw)
  const viewer = keep(passwordFile(folder, 'viewer'), 15, redraw)
  return {
    secretKey: secretKey.text,
    adminPassword: admin.text,
    viewerPassword: viewer.text,
    drawn: admin.drawn || viewer.drawn,
  }
}

function keep(file: string, bytes: number, redraw: boolean): { text: string; drawn: boolean } {
  const known = redraw ? '' : read(file)
  if (known !== '') return { text: known, drawn: false }
  const text = randomBytes(bytes).toString('base64url')
  writeFileSync(file, `${text}\n`, { mode: 0o600 })
  return { text, drawn: true }
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
