import { z } from '@hono/zod-openapi'
import { givenText } from './text.js'
import { parseDurationSeconds } from './time.js'

/** A length of time in seconds, within limits, with a default. */
export function span(meta: { description: string; maxSeconds: number; fallback: string }) {
  const { description, maxSeconds, fallback } = meta
  return givenText
    .default(fallback)
    .transform((text, context) => {
      const seconds = parseDurationSeconds(text) ?? 0
      if (seconds >= 1 && seconds <= maxSeconds) return seconds
      const message = `must be 1 to ${maxSeconds} seconds, as 90, 30m, 2h`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    })
    .openapi({ type: 'string', default: fallback as never, example: fallback, description })
}
