import { z } from '@hono/zod-openapi'
import { levels, networkOf } from '@pulsehouse/events'
import { describe, givenText, valueCharsMax, type ParameterMeta } from './text.js'

/** Values of one list at the most. */
const listValuesMax = 20

/** Splits at commas; a comma that belongs to a value has a backslash before it. */
export function splitList(given: string): string[] {
  return given.split(/(?<!\\),/).map((value) => value.replaceAll(String.raw`\,`, ','))
}

/**
 * A parameter that is a list separated by commas, in the document an array in OpenAPI's form style.
 *
 * @param item reads one value.
 * @param items what the document says of one value.
 */
export function commaList<T>(
  item: z.ZodType<T, string>,
  items: { type: 'string' | 'integer'; enum?: string[]; pattern?: string },
  meta: ParameterMeta,
) {
  return givenText
    .transform(splitList)
    .pipe(z.array(item).max(listValuesMax, `must have ${listValuesMax} values at the most`))
    .optional()
    .openapi({
      type: 'array',
      items,
      maxItems: listValuesMax,
      description: describe(meta),
      param: { style: 'form', explode: false },
    } as object)
}

/** A list of values that nobody has a list of. */
export function textList(meta: ParameterMeta) {
  const item = z
    .string()
    .min(1, 'has an empty value between its commas')
    .max(valueCharsMax, `has a value of more than ${valueCharsMax} characters`)
  return commaList(item, { type: 'string' }, meta)
}

/** A list of networks, each of which becomes what is stored of it: `2001:db8::/48` is `2001:db8:0::/48` there. */
export function networkList(meta: ParameterMeta) {
  const item = z.string().transform((given, context) => {
    const [, address = '', bits] = /^([^/]+)(\/\d+)$/.exec(given) ?? []
    const network = networkOf(address)
    if (bits !== undefined && network?.endsWith(bits) === true) return network
    context.addIssue('takes only /24 networks of IPv4 and /48 networks of IPv6, like 203.0.113.0/24')
    return z.NEVER
  })
  return commaList(item, { type: 'string' }, meta)
}

/** A list of values out of a closed set. */
export function choiceList<const T extends readonly [string, ...string[]]>(choices: T, meta: ParameterMeta) {
  const item = z.enum(choices, { error: `takes only ${choices.join(', ')}` })
  return commaList(item, { type: 'string', enum: [...choices] }, meta)
}

/** A list of levels, in capitals or not. */
export const levelList = commaList(
  z
    .string()
    .toUpperCase()
    .pipe(z.enum(levels, { error: `takes only ${levels.join(', ')}` })),
  { type: 'string', enum: [...levels] },
  { description: 'Levels, separated by commas.', example: 'WARN,ERROR' },
)

/** A list of HTTP methods, in capitals or not. */
export const methodList = commaList(
  z
    .string()
    .regex(/^[A-Za-z-]{1,20}$/, 'takes only HTTP methods')
    .toUpperCase(),
  { type: 'string' },
  { description: 'HTTP methods, separated by commas.', example: 'GET,POST' },
)

const statusPattern = /^[1-5](?:\d\d|xx)$/i

/** Codes that a status or a class of statuses stands for. */
export function statusCodesOf(given: string): number[] {
  const first = Number(given.charAt(0)) * 100
  return /xx$/i.test(given) ? Array.from({ length: 100 }, (_, index) => first + index) : [Number(given)]
}

/** A list of statuses and classes of statuses. */
export const statusList = commaList(
  z.string().regex(statusPattern, 'takes only codes from 100 to 599 and classes like 5xx'),
  { type: 'string', pattern: '^[1-5](\\d\\d|xx)$' },
  { description: 'HTTP statuses: codes, or classes like `5xx`, separated by commas.', example: '404,5xx' },
)

/** A list of ports. */
export const portList = commaList(
  z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'takes only ports from 1 to 65535')
    .transform(Number)
    .pipe(z.int().max(65_535, 'takes only ports from 1 to 65535')),
  { type: 'integer' },
  { description: 'Ports of the server, separated by commas.', example: '443,8443' },
)
