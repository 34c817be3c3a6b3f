import { z } from '@hono/zod-openapi'
import { valueCharsMax } from '../parameters/text.js'

/** The id of a finding or of an incident, as part of an address. */
export function findingId(description: string) {
  return z
    .string()
    .max(valueCharsMax, `must have ${valueCharsMax} characters at the most`)
    .regex(/^\P{Cc}+$/u, 'must not have control characters')
    .openapi({ description, example: '5f0c1d9e7a3b2468' })
}
