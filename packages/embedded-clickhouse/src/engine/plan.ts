import { explainFailure, runArriving, runHere, runInPieces, runThroughPipe, runWhole } from './execute.js'
import { limits } from '../limits.js'
import { expectsShortResult, isOfLiterals } from '../sql/expected-size.js'
import { leavesNoTrace } from './connection-stock.js'
import { firstWord } from '../sql/statement.js'
import type { Chunk, Job, Progress } from './job.js'
import type { Connection } from './library.js'
import type { StatementKind } from './statement-kind.js'

/** A way to run a prepared job on its connection. */
export type Run = (connection: Connection, job: Job, signal: AbortSignal) => AsyncGenerator<Chunk, Progress>

/** How a statement is run. */
export interface Plan {
  run: Run
  /**
   * The result may be as large as this, in bytes; else it is to be fetched by the second plan, from the start. The
   * settings are the request's without its own bound, which is larger, and holds in the second plan.
   */
  within?: { bytes: number; settings: Job['settings']; otherwise: Plan }
}

/** Decides how a statement is run. */
export function planFor(job: Job, kind: StatementKind): Plan {
  if (job.arriving !== undefined) return { run: runArriving }
  if (kind === 'read' && leavesNoTrace(job) && isOfLiterals(job.sql)) return { run: runHere }
  const run = runFor(job, kind)
  // One round trip to the engine instead of three.
  const isShort = kind === 'read' && run !== runWhole && isFree(job) && expectsShortResult(job.sql)
  if (!isShort) return { run }
  // What the request itself holds to so little is fetched at once, and there is nothing to try after it.
  const own = ownBoundBytes(job)
  if (own > 0 && own <= limits.shortResultBytes) return { run: runWhole }
  const settings = job.settings.filter(([name]) => name !== resultBound)
  return { run: runWhole, within: { bytes: limits.shortResultBytes, settings, otherwise: { run } } }
}

const resultBound = 'max_result_bytes'

/** The bound that a request puts on its result, in bytes; 0 is none, NaN is for the engine to refuse or to understand. */
function ownBoundBytes({ settings }: Job): number {
  const value = settings.findLast(([name]) => name === resultBound)?.[1] ?? '0'
  return /^\d+$/.test(value) ? Number(value) : Number.NaN
}

/**
 * Neither a session, whose connection has its settings, nor a request that wants a part of a result that is too large, nor
 * a format that tells how far the query has come.
 */
function isFree(job: Job): boolean {
  return (
    job.sessionId === undefined &&
    !/WithProgress$/i.test(job.format) &&
    !job.settings.some(([name]) => name.startsWith('result_overflow')) &&
    !Number.isNaN(ownBoundBytes(job))
  )
}

function runFor(job: Job, kind: StatementKind): Run {
  if (kind === 'write') return runWhole
  if (kind === 'unparsable') return explainFailure
  // Results of SHOW, DESCRIBE and the like are small, and the engine streams none of them.
  if (!selects.has(firstWord(job.sql))) return runWhole
  if (isMadeOfRows(job)) return runInPieces
  return isLexedAlike(job) ? runThroughPipe : runWhole
}

/**
 * Whether the engine sees the same words in a text as we do. It takes some characters beyond ASCII for quotes and blanks;
 * where there are such, nothing is put into the text.
 */
function isLexedAlike({ sql, encoding }: Job): boolean {
  return (
    encoding === 'utf8' &&
    !/[\u0080-\u00a0\u1680\u180e\u2000-\u201f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/.test(sql)
  )
}

const selects = new Set(['SELECT', 'WITH', 'FROM'])

/** Formats without a beginning and an end: two results in a row are one. */
const rowFormats = new Set(
  [
    ['Native', 'RowBinary', 'MsgPack', 'BSONEachRow', 'RawBLOB', 'LineAsString', 'TSKV'],
    ['TabSeparated', 'TSV', 'TabSeparatedRaw', 'TSVRaw', 'Raw', 'CSV', 'Null'],
    [
      'JSONEachRow',
      'JSONLines',
      'NDJSON',
      'JSONStringsEachRow',
      'JSONCompactEachRow',
      'JSONCompactStringsEachRow',
    ],
  ]
    .flat()
    .map((name) => name.toLowerCase()),
)

function isMadeOfRows(job: Job): boolean {
  if (!rowFormats.has(job.format.toLowerCase())) return false
  // This setting puts brackets around the rows.
  return !/array_of_rows/i.test(job.sql) && !job.settings.some(([name]) => name.includes('array_of_rows'))
}
