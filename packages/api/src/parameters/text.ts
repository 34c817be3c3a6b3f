import { z } from '@hono/zod-openapi'

/** Characters of one value at the most. */
export const valueCharsMax = 200

/** What the OpenAPI document says of a parameter. */
export interface ParameterMeta {
  description: string
  example: string
}

/**
 * A parameter's description with its example in words. It is no `example` of the document: the page would fill a form
 * with it, and a request with every filter set finds nothing.
 */
export function describe({ description, example }: ParameterMeta): string {
  return `${description} For example \`${example}\`.`
}

/** A parameter's text as it stands in the query string: there once, and not empty. */
export const givenText = z
  .string({ error: 'must be given once; separate several values with commas' })
  .min(1, 'must not be empty; leave the parameter out instead')
  .regex(/^\P{Cc}*$/u, 'must not have control characters')

/** A parameter that is one piece of text, matched as a whole. */
export function text(meta: ParameterMeta) {
  return givenText
    .max(valueCharsMax, `must have ${valueCharsMax} characters at the most`)
    .optional()
    .openapi({ description: describe(meta) })
}

/** A whole number within limits, with a default. */
export function wholeNumber(meta: { description: string; min: number; max: number; fallback: number }) {
  const { description, min, max, fallback } = meta
  const error = `must be a whole number from ${min} to ${max}`
  return givenText
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .pipe(z.int().min(min, error).max(max, error))
    .default(fallback)
    .openapi({
      type: 'integer',
      minimum: min,
      maximum: max,
      default: fallback,
      example: fallback,
      description,
    })
}

/** One value out of a closed set, with a default. */
export function choice<const T extends readonly [string, ...string[]]>(
  choices: T,
  meta: { description: string; fallback: T[number] },
) {
  const error = { error: `must be one of ${choices.join(', ')}` }
  return givenText
    .pipe(z.enum(choices, error))
    .default(meta.fallback as never)
    .openapi({
      type: 'string',
      enum: [...choices],
      default: meta.fallback as never,
      example: meta.fallback,
      description: meta.description,
    })
}
