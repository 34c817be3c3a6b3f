import { exception } from '../http/errors.js'
import { quoteName, quoteText } from './quote.js'
import { tokenize } from './tokens.js'

/** A table that came with a request and lives as long as its query. */
export interface ExternalTable {
  name: string
  /** The format of its data. */
  format: string
  /** The columns as in a CREATE TABLE, without the brackets. */
  structure: string
  /** The file that its data waits in. */
  path: string
}

/**
 * Makes a table out of what a request says about it.
 *
 * @throws {ClickhouseError} 36 when it does not say the columns, or says more than columns.
 */
export function externalTable(
  name: string,
  path: string,
  about: { format: string | undefined; structure: string | undefined; types: string | undefined },
): ExternalTable {
  const { structure, types } = about
  if (structure === undefined && types === undefined)
    throw exception(
      36,
      'BAD_ARGUMENTS',
      `Neither structure nor types have not been provided for external table ${name}. Use fields ${name}_structure or ${name}_types to do so.`,
    )
  if (!/^\w{1,64}$/.test(name))
    throw exception(
      36,
      'BAD_ARGUMENTS',
      'The name of an external table has up to 64 letters, digits and underscores',
    )
  const format = about.format ?? 'TabSeparated'
  if (!/^\w+$/.test(format)) throw exception(73, 'UNKNOWN_FORMAT', `Unknown format ${format}`)
  return {
    name,
    format,
    structure: structure === undefined ? columnsOf(types ?? '') : checked(structure, namedTypes),
    path,
  }
}

/** The statements that make the table on a connection and fill it. */
export function statementsOf({
  name,
  format,
  structure,
  path,
}: ExternalTable): [create: string, fill: string] {
  return [
    `CREATE TEMPORARY TABLE ${quoteName(name)} (${structure}) ENGINE = Memory`,
    `INSERT INTO ${quoteName(name)} FROM INFILE ${quoteText(path)} COMPRESSION 'none' FORMAT ${format}`,
  ]
}

/** `Int8, Enum('a' = 1, 'b' = 2)` as columns `_1` and `_2`. */
function columnsOf(types: string): string {
  const ends = [...tokenize(checked(types, plainTypes))].filter(
    ({ text, depth }) => text === ',' && depth === 0,
  )
  const starts = [0, ...ends.map(({ end }) => end)]
  return starts.map((start, i) => `\`_${i + 1}\` ${types.slice(start, ends[i]?.start).trim()}`).join(', ')
}

/** What stands outside of brackets, with `n` for a name and `w` for a word: types, or names with types. */
const plainTypes = /^w(\(\))?(,w(\(\))?)*$/
const namedTypes = /^[nw]w(\(\))?(,[nw]w(\(\))?)*$/

/** It goes between brackets of ours: nothing but columns may stand there, no default that is computed and no engine. */
function checked(columns: string, shape: RegExp): string {
  // The engine takes more characters than ours for blanks and quotes; none of them is needed here.
  if (/[^\t\n\r\u0020-\u007e]|\$/.test(columns))
    throw exception(
      36,
      'BAD_ARGUMENTS',
      'The structure of an external table is written in ASCII, without a dollar sign',
    )
  let outline = ''
  let end = 0
  for (const { kind, text, depth, start, end: tokenEnd } of tokenize(columns)) {
    const isOutside = depth === 0
    if (kind === 'open' || depth < 0 || columns.slice(end, start).trim() !== '') outline += '!'
    else if (isOutside) outline += kind === 'word' ? 'w' : kind === 'quoted' ? 'n' : text
    end = tokenEnd
  }
  if (shape.test(outline) && columns.slice(end).trim() === '') return columns
  throw exception(
    36,
    'BAD_ARGUMENTS',
    `Error while parsing table structure: it has to be a list of columns, as in a String, b Array(UInt8): ${columns.slice(0, 200)}`,
  )
}
