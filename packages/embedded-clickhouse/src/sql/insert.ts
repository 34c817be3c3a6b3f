import type { InsertHead } from './statement.js'
import { quoteText } from './quote.js'

/**
 * The INSERT with its data read from a file: chdb takes binary data no other way. FROM INFILE stands before
 * SETTINGS, the parser refuses it behind.
 */
export function insertFromFile(head: InsertHead, path: string): string {
  const source = `FROM INFILE ${quoteText(path)} COMPRESSION 'none'`
  return `${head.into} ${source} ${head.settings} FORMAT ${head.format}`
}
