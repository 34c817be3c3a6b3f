import { exception } from '../http/errors.js'

/**
 * The engine's scalar function `file()` asks for no grant, and the kernel can't tell a query from the engine's own work:
 * what is in the data folder stays readable to it. So a viewer may not name it. The name has to be in the text somehow;
 * texts in which it can't be are let through.
 */
export function canNameFile(sql: string): boolean {
  return /file|\\|Identifier/i.test(sql)
}

/**
 * Looks through a statement as the engine's own formatter writes it, where every name stands in the clear: `APPLY(file)`
 * and `arrayMap(file, …)` call the function, too. A column of that name has to be written with its table.
 *
 * @param formatted the statement, from the engine's `formatQuery`.
 * @throws {ClickhouseError} 497
 */
export function refuseFile(
  user: string,
  formatted: string,
  params: readonly (readonly [string, string])[],
): void {
  // The formatter writes strings and unusual names in one way only, and no comments.
  const names = formatted.replaceAll(/'(?:[^'\\]|\\[\s\S])*'|`(?:[^`\\]|\\[\s\S])*`/g, (piece) =>
    piece === '`file`' ? 'file' : '?',
  )
  if (/(^|[^.\w$])file(?![\w$])/.test(names)) throw refusal(user)
  // A parameter can stand for a name, and be written with escapes.
  if (params.some(([, value]) => value === 'file' || value.includes('\\')) && /Identifier/i.test(formatted))
    throw refusal(user)
}

function refusal(user: string): Error {
  return exception(
    497,
    'ACCESS_DENIED',
    `${user}: Not enough privileges. This user may not call the function file; write a column of that name with its table, as in t.file`,
  )
}
