import { limits } from '../limits.js'
import type { Job } from './job.js'

const documents = new Set(
  [
    'JSON',
    'JSONStrings',
    'JSONCompact',
    'JSONCompactStrings',
    'JSONColumnsWithMetadata',
    'JSONEachRowWithProgress',
    'JSONStringsEachRowWithProgress',
    'XML',
  ].map((name) => name.toLowerCase()),
)

/**
 * A job for a result that is one document, with totals and statistics behind the rows: the engine writes these right
 * only with the whole result in hand, so it is asked for that as long as it is small. Undefined where the format
 * has no such parts, or the request limits its result itself.
 */
export function boundedDocument(job: Job): Job | undefined {
  if (!documents.has(job.format.toLowerCase())) return undefined
  if (job.settings.some(([name]) => name.startsWith('max_result_') || name.startsWith('result_overflow')))
    return undefined
  const bound = ['max_result_bytes', String(limits.documentBytesMax)] as const
  return { ...job, settings: [...job.settings, bound] }
}

/** Whether a result went over that bound. */
export function isOverBound(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith(overBound)
}

const overBound = 'Code: 396. DB::Exception: Limit for result exceeded, max bytes'
