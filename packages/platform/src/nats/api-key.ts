import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'

/**
 * What the holder of a key may do: send events, ask questions, see and look for people (users and addresses), and
 * all of these and make keys.
 */
export const keyRoles = ['ingest', 'read', 'personal', 'admin'] as const

/** What the holder of a key may do. */
export type KeyRole = (typeof keyRoles)[number]

/** A key as it is known: everything but the key itself. */
export interface ApiKey {
  /** Short, public, and the same whenever the same key is registered again. */
  id: string
  name: string
  roles: readonly KeyRole[]
  /** ISO 8601. */
  createdAt: string
  /** Who made it: a key's id, or a command of this machine. */
  createdBy: string
}

/** What a key is made from. */
export type KeyGrant = Pick<ApiKey, 'name' | 'roles' | 'createdBy'>

/** Characters of a key's name at the most. */
export const keyNameCharsMax = 100

const keyPattern = /^ph_[A-Za-z0-9_-]{43}$/

/** A new key: 32 random bytes. */
export function drawApiKey(): string {
  return `ph_${randomBytes(32).toString('base64url')}`
}

/** Whether a text has the form of a key. */
export function isApiKey(text: string): boolean {
  return keyPattern.test(text)
}

/** SHA-256 of a key, hexadecimal; undefined for a text that is no key. */
export function hashOfKey(text: string): string | undefined {
  return isApiKey(text) ? createHash('sha256').update(text).digest('hex') : undefined
}

const storedSchema = z.object({
  name: z.string(),
  roles: z.array(z.enum(keyRoles)),
  created_at: z.string(),
  created_by: z.string(),
})

/** A key's entry as it is stored under its hash. */
export function storedOf({ name, roles, createdAt, createdBy }: ApiKey): z.infer<typeof storedSchema> {
  return { name, roles: [...roles], created_at: createdAt, created_by: createdBy }
}

/** Reads a stored entry; undefined where it is damaged or of a newer version, which lets nobody in. */
export function keyOfStored(hash: string, stored: unknown): ApiKey | undefined {
  const parsed = storedSchema.safeParse(stored)
  if (!parsed.success) return undefined
  const { name, roles, created_at: createdAt, created_by: createdBy } = parsed.data
  return { id: idOfHash(hash), name, roles, createdAt, createdBy }
}

/** A part of the hash is enough to tell keys apart, and says nothing of the key. */
export function idOfHash(hash: string): string {
  return hash.slice(0, 12)
}
