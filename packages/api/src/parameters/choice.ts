import { z } from '@hono/zod-openapi'
import { givenText } from './text.js'

/** A parameter that is one of a closed set, with a default. */
export function choice<const T extends readonly [string, ...string[]]>(
  choices: T,
  meta: { description: string; fallback: T[number] },
) {
  const { description, fallback } = meta
  return givenText
    .pipe(z.enum(choices, { error: `takes only ${choices.join(', ')}` }))
    .default(fallback as never)
    .openapi({
      type: 'string',
      enum: [...choices],
      default: fallback as never,
      example: fallback,
      description,
    })
}
