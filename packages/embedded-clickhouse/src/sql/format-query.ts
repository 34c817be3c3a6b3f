import { quoteText } from './quote.js'

/** The statement that lets the engine's own formatter write another one out; nothing of that one runs. */
export function formatQuery(sql: string): string {
  return `SELECT formatQuery(${quoteText(sql)}) FORMAT RawBLOB`
}
