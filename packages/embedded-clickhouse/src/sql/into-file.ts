import { quoteText } from './quote.js'
import { tokenize } from './tokens.js'

/**
 * The SELECT with its result written into a file that exists. The clause stands behind the query and before its FORMAT;
 * if this scan took another word for FORMAT, the parser would refuse the statement.
 */
export function intoFile(sql: string, path: string, format: string): string {
  let end = 0
  let previous: { text: string; depth: number; start: number } | undefined
  let formatStart: number | undefined
  let formatEnd = 0
  for (const token of tokenize(sql)) {
    if (token.depth === 0 && token.text === ';') break
    if (previous?.text === 'FORMAT' && previous.depth === 0 && token.kind === 'word' && token.depth === 0) {
      formatStart = previous.start
      formatEnd = token.end
    }
    end = token.end
    previous = token
  }
  const head = sql.slice(0, formatStart ?? end)
  const tail = formatStart === undefined ? '' : sql.slice(formatEnd, end)
  return `${head}\nINTO OUTFILE ${quoteText(path)} APPEND COMPRESSION 'none' FORMAT ${format}${tail}`
}
