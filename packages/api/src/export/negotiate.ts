import type { Context } from 'hono'
import { parseAccept } from 'hono/utils/accept'
import { Problem } from '../http/problem.js'
import { exportFormats, type ExportFormat } from './formats.js'

/** How an answer comes unless another format is asked for. */
export const jsonType = 'application/json'
const offered = [jsonType, ...exportFormats.map(({ mediaType }) => mediaType)]

/** How well a media range fits a media type: 3 by name, 2 by its family, 1 as anything, 0 not at all. */
function fit(range: string, mediaType: string): number {
  if (range === mediaType) return 3
  if (range === `${mediaType.slice(0, mediaType.indexOf('/'))}/*`) return 2
  return range === '*/*' ? 1 : 0
}

/** What a client makes of a media type, from 0 to 1: the range that fits it best says it (RFC 9110, 12.5.1). */
function quality(ranges: ReturnType<typeof parseAccept>, mediaType: string): number {
  const fits = ranges
    .map(({ type, q }) => ({ fit: fit(type.toLowerCase(), mediaType), q }))
    .filter((range) => range.fit > 0)
  return fits.toSorted((a, b) => b.fit - a.fit)[0]?.q ?? 0
}

/** Whether a request takes a media type; one that does not say takes all. */
export function takes(context: Context, mediaType: string): boolean {
  return quality(rangesOf(context), mediaType) > 0
}

function rangesOf({ req }: Context): ReturnType<typeof parseAccept> {
  return parseAccept(req.header('Accept') ?? '*/*')
}

/**
 * The format that a request asks for by `Accept`; undefined is JSON, which is taken where nothing better is asked for.
 *
 * @throws {Problem} not-acceptable where no format fits.
 */
export function negotiate(context: Context): ExportFormat | undefined {
  context.header('Vary', 'Accept', { append: true })
  const ranges = rangesOf(context)
  const [best] = offered
    .map((mediaType) => ({ mediaType, q: quality(ranges, mediaType) }))
    .toSorted((a, b) => b.q - a.q)
  if (best === undefined || best.q === 0) {
    throw new Problem('not-acceptable', `Nothing fits this Accept: there are ${offered.join(', ')}.`)
  }
  return exportFormats.find(({ mediaType }) => mediaType === best.mediaType)
}
