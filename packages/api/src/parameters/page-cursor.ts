import { createHash } from 'node:crypto'
import type { Cursor, Cursors } from './cursor.js'
import { BadParameters } from '../http/problem.js'

/**
 * What was searched for, as a short text; a cursor is sealed with it.
 *
 * @param list which list it is: the cursor of one is none of another.
 */
export function fingerprintOf(list: string, filters: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(filters).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([list, given]))
    .digest('base64url')
}

/** Reads a cursor of a search. @throws {BadParameters} when it is none of this search. */
export function openCursor(cursors: Cursors, text: string, search: string): Cursor {
  const cursor = cursors.decode(text, search)
  if (cursor !== undefined) return cursor
  const message = 'is no cursor of this search; send next_cursor as it was, with the same filters'
  throw new BadParameters([{ parameter: 'cursor', message }])
}
