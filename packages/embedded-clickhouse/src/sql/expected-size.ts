import { tokenize } from './tokens.js'

/**
 * Whether a SELECT can be expected to have a short result: it reads no table, or it has a LIMIT that is not large. Only
 * how the result is fetched depends on it.
 */
export function expectsShortResult(sql: string): boolean {
  let readsTable = false
  let limit = Infinity
  let previous = ''
  for (const { kind, text, depth } of tokenize(sql)) {
    if (kind === 'word' && text === 'FROM') readsTable = true
    if (previous === 'LIMIT' && depth === 0) limit = /^\d+$/.test(text) ? Number(text) : Infinity
    previous = text
  }
  return !readsTable || limit <= shortRows
}

/** Superset asks for so many rows at the most. */
const shortRows = 10_000

/**
 * Whether a SELECT is made of literals and operators only, as the `SELECT 1` by which clients find out whether a server
 * is there: it reads nothing, calls no function and has no part that could take long.
 */
export function isOfLiterals(sql: string): boolean {
  return (
    sql.length <= literalCharacters && /^\s*SELECT\s+[\w\s'.,+*;-]+$/i.test(sql) && !/\bFROM\b/i.test(sql)
  )
}

const literalCharacters = 200
