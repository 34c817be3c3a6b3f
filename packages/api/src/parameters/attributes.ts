import { z } from '@hono/zod-openapi'
import { commaList } from './lists.js'
import { valueCharsMax } from './text.js'

/** What is asked of the attributes: that a key is there, and has the value, if one is given. */
export interface AttributeFilter {
  key: string
  value?: string
}

/** Reads `key:value` or `key`; a colon within the key has a backslash before it. */
export function parseAttribute(given: string): AttributeFilter {
  const end = /(?<!\\):/.exec(given)?.index
  const key = given.slice(0, end).replaceAll(String.raw`\:`, ':')
  return end === undefined ? { key } : { key, value: given.slice(end + 1) }
}

/** A list of attributes, of which every one must hold. */
export const attributeList = commaList(
  z
    .string()
    .max(valueCharsMax, `has a value of more than ${valueCharsMax} characters`)
    .transform(parseAttribute)
    .refine(({ key }) => key !== '', 'takes only key:value, or key alone'),
  { type: 'string' },
  {
    description:
      'Attributes as `key:value`, or `key` alone for those that have it, separated by commas; every one must hold. A comma ' +
      'is written `\\,` and a colon within a key `\\:`.',
    example: 'app.version:1.4.2,region:eu',
  },
)
