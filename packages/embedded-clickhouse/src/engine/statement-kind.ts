import { exception } from '../http/errors.js'
import type { Job } from './job.js'
import type { Classification } from './library.js'

/** How a statement is to be run. */
export type StatementKind =
  /** It changes nothing, and nobody needs it when the client has gone. */
  | 'read'
  /** It is brought to its end, whoever has gone. */
  | 'write'
  /** It does not parse: the engine is asked why. */
  | 'unparsable'

/**
 * Decides by what the engine's own parser says of a statement, and refuses what the user or the request may not do.
 *
 * @throws {ClickhouseError} 62 for several statements in one text, 164 and 497 for what is not allowed.
 */
export function kindOf(job: Job, { statements, kind }: Classification): StatementKind {
  if (statements > 1) throw exception(62, 'SYNTAX_ERROR', 'Syntax error (Multi-statements are not allowed)')
  if (statements === 0) return 'unparsable'
  if (kind === 'read') return 'read'
  // The parser takes a query that writes a file for more than reading, however the words are set apart.
  if (kind === 'control' && /outfile/i.test(job.sql))
    throw exception(358, 'INTO_OUTFILE_NOT_ALLOWED', 'INTO OUTFILE is not allowed')
  if (job.user.role === 'viewer') throw refusal(job.user.name, kind)
  if (job.readOnly) throw exception(164, 'READONLY', getRefused)
  return 'write'
}

const getRefused =
  'Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. You should use method POST for modifying queries.'

function refusal(name: string, kind: Classification['kind']): Error {
  return kind === 'write' || kind === 'write global'
    ? exception(497, 'ACCESS_DENIED', `${name}: Not enough privileges. This user may only read.`)
    : exception(164, 'READONLY', `${name}: Cannot execute query in readonly mode.`)
}
