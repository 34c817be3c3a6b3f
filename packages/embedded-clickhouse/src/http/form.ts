import type { IncomingMessage } from 'node:http'
import { bodyOf } from './body.js'
import { exception } from './errors.js'
import { readParts } from './multipart.js'
import { withFields, type QueryRequest } from './request.js'
import type { Spool } from './spool.js'
import { externalTable, type ExternalTable } from '../sql/external-table.js'

/** A form: the request with its fields, and the tables that came with it. */
export interface Form {
  /** The whole text of the statement stands in it: the `query` of the address and that of the form. */
  query: QueryRequest
  tables: readonly ExternalTable[]
}

/**
 * Reads a multipart body. Parts with a file name are tables; they wait in files for the time that `use` takes.
 *
 * @throws {ClickhouseError} for a form that can't be read, is beyond a limit, or has a table whose columns are
 * not given.
 */
export async function withForm<T>(
  request: IncomingMessage,
  query: QueryRequest,
  spool: Spool,
  use: (form: Form) => Promise<T>,
): Promise<T> {
  const parts = readParts(request, bodyOf(request))
  const fields: [name: string, value: string][] = []
  const take = async (files: readonly { name: string; path: string }[]): Promise<T> => {
    for (;;) {
      const next = await parts.next()
      if (next.done === true) return await use(formOf(query, fields, files))
      const part = next.value
      if (part.kind === 'file')
        return await spool.withFile(part.data, (path) => take([...files, { name: part.name, path }]))
      fields.push([part.name, part.value])
    }
  }
  try {
    return await take([])
  } finally {
    await parts.return(undefined)
  }
}

function formOf(
  query: QueryRequest,
  fields: readonly (readonly [name: string, value: string])[],
  files: readonly { name: string; path: string }[],
): Form {
  const whole = withFields(query, fields)
  const about = new Map(whole.settings)
  const tables = files.map(({ name, path }) =>
    externalTable(name, path, {
      format: about.get(`${name}_format`),
      structure: about.get(`${name}_structure`),
      types: about.get(`${name}_types`),
    }),
  )
  if (new Set(tables.map(({ name }) => name)).size < tables.length)
    throw exception(36, 'BAD_ARGUMENTS', 'Two tables of the form have the same name')
  const taken = new Set(
    tables.flatMap(({ name }) => [`${name}_format`, `${name}_structure`, `${name}_types`]),
  )
  return { query: { ...whole, settings: whole.settings.filter(([name]) => !taken.has(name)) }, tables }
}
