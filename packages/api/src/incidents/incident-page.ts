import { z } from '@hono/zod-openapi'
import { afterHashed, hashedPosition, type HashedRow } from '../parameters/hashed-position.js'
import type { Cursors } from '../parameters/cursor.js'
import { openCursor } from '../parameters/page-cursor.js'
import { resolveRange, type TimeRange } from '../parameters/time.js'

type Moments = Parameters<typeof resolveRange>[0]

/** What a list is asked for: its time range, how long a page is, and where it begins. */
interface Asked extends Moments {
  limit: number
  cursor?: string | undefined
}

/** A page of a list, before it is read. */
export interface PagePlan {
  /** The range of the first page. */
  range: TimeRange
  /** What the query takes for the page; without its limit it gives all rows behind the cursor. */
  where: { from_micros: number; to_micros: number; after_micros?: number; after_tie?: string }
  /** One more than the page, to know whether there is a next one. */
  limit: number
}

/** Finds out which rows are asked for. @throws {BadParameters} when the range or the cursor can't be used. */
export function planPage(
  { limit, cursor, ...given }: Asked,
  search: string,
  parts: { cursors: Cursors; nowMs: () => number },
): PagePlan {
  const at = cursor === undefined ? undefined : openCursor(parts.cursors, cursor, search)
  const range = at?.range ?? resolveRange(given, parts.nowMs(), 0)
  const after = at === undefined ? {} : afterHashed(at.after)
  const where = { from_micros: range.fromMicros, to_micros: range.toMicros, ...after }
  return { range, where, limit: limit + 1 }
}

/** The page that was read, and the cursor of the next one. */
export function pageOf<Row extends HashedRow>(
  rows: readonly Row[],
  { range, limit }: PagePlan,
  search: string,
  cursors: Cursors,
) {
  const page = rows.slice(0, limit - 1)
  const last = rows.length === limit ? page.at(-1) : undefined
  const next = last === undefined ? null : cursors.encode({ after: hashedPosition(last), range }, search)
  return { data: page.map(withoutTie), next_cursor: next }
}

function withoutTie<Row extends HashedRow>(found: Row): Omit<Row, 'tie'> {
  const { tie: _, ...shown } = found
  return shown
}

/** What says where a row stands among those of the same start: rows of a page have it, a file has not. */
export const tieColumn = { tie: z.string().optional() }
