import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { drawApiKey, isApiKey, openKeyStore, type NatsLink } from '@pulsehouse/platform'

/**
 * Makes sure that there is a key with all roles and that the API knows it. It is kept in a file that only its owner can
 * read; when the queue's server has lost it (`--fresh` deletes the queue), it is made known again.
 *
 * @returns the key.
 * @throws when the file holds something else.
 */
export async function ensureApiKey(nats: NatsLink, file: string): Promise<string> {
  // It is written before it is made known: a start that is killed in between leaves a file for the next one.
  const key = readKey(file) ?? writeKey(file, drawApiKey())
  if (!isApiKey(key)) throw new Error(`${file} holds no API key: delete it, and npm start makes another.`)
  const keys = await openKeyStore(nats)
  try {
    const grant = { name: 'npm start', roles: ['admin'], createdBy: 'npm start' } as const
    if (keys.find(key) === undefined) await keys.register(key, grant)
    return key
  } finally {
    keys.close()
  }
}

function readKey(file: string): string | undefined {
  try {
    chmodSync(file, 0o600)
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function writeKey(file: string, key: string): string {
  writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' })
  return key
}
