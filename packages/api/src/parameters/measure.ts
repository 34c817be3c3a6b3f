import { describe, givenText, type ParameterMeta } from './text.js'

/** A bound of a measure: a number that is not negative. */
export function measure(meta: ParameterMeta) {
  return givenText
    .regex(/^\d{1,10}(?:\.\d{1,6})?$/, 'must be a number, not negative, like 250 or 0.5')
    .transform(Number)
    .optional()
    .openapi({ type: 'number', minimum: 0, description: describe(meta) })
}
