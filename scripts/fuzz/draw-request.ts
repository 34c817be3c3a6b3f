import type { Random } from '../chaos/random.js'
import { exampleOf, type Document, type Operation, type Parameter } from './document.js'
import { drawBody } from './draw-body.js'
import { asHeader, drawWildText } from './draw-text.js'
import { drawParameter, type Care } from './draw-value.js'

/** A request as it is sent. */
export interface DrawnRequest {
  path: string
  method: string
  headers: Record<string, string>
  body?: string | Uint8Array
}

/** Keys that requests are sent with. */
export interface FuzzKeys {
  admin: string
  /** May do nothing but read. */
  reader: string
}

/** Draws a request of an operation: from wholly valid to wild, mostly with a key that may do everything. */
export function drawRequest(
  random: Random,
  document: Document,
  operation: Operation,
  keys: FuzzKeys,
): DrawnRequest {
  const mood = random.pick<Care>(['valid', 'valid', 'near', 'wild'])
  const care = (): Care => (mood === 'valid' || random.share() < 0.6 ? 'valid' : mood)
  const text = ({ description, schema }: Parameter): string => {
    const example = exampleOf({ schema, ...(description === undefined ? {} : { description }) })
    return drawParameter(random, schema, example, care())
  }
  const of = (place: string): Parameter[] => operation.parameters.filter((given) => given.in === place)
  const headers = { ...drawKey(random, keys), ...drawAccept(random, operation) }
  for (const parameter of of('header')) {
    if (random.share() < 0.3) headers[parameter.name] = asHeader(text(parameter))
  }
  const path = of('path').reduce(
    (filled, parameter) => filled.replace(`{${parameter.name}}`, asSegment(text(parameter))),
    operation.path,
  )
  const search = drawSearch(random, of('query'), text, mood)
  const { method } = operation
  return {
    path: path + search,
    method,
    headers,
    ...drawBody(random, document, operation.body, care(), headers),
  }
}

function drawKey(random: Random, { admin, reader }: FuzzKeys): Record<string, string> {
  const share = random.share()
  if (share < 0.9) return { Authorization: `Bearer ${admin}` }
  if (share < 0.95) return { Authorization: `Bearer ${reader}` }
  return share < 0.98 ? { Authorization: asHeader(drawWildText(random)) } : {}
}

function drawAccept(random: Random, { responses }: Operation): Record<string, string> {
  const types = Object.keys(responses['200']?.content ?? {})
  const share = random.share()
  if (share < 0.7 || types.length === 0) return {}
  return { Accept: share < 0.95 ? random.pick(types) : asHeader(drawWildText(random)) }
}

/** Each request has some of the parameters: with all of them nothing would be found, nor any fault behind the first. */
function drawSearch(
  random: Random,
  parameters: readonly Parameter[],
  text: (parameter: Parameter) => string,
  mood: Care,
): string {
  const share = random.pick([0, 0.1, 0.3, parameters.length > 10 ? 0.2 : 1])
  const given = parameters
    .filter(({ required }) => required === true || random.share() < share)
    .map((parameter): [string, string] => [parameter.name, text(parameter)])
  if (mood === 'wild' && random.share() < 0.2) given.push([drawWildText(random), drawWildText(random)])
  if (mood !== 'valid' && random.share() < 0.1) given.push(...given.slice(0, 1))
  const search = new URLSearchParams(given).toString()
  // What no library would write, but anybody can send.
  const broken =
    mood === 'wild' && random.share() < 0.1
      ? random.pick(['&%ZZ=%', '&&&=', '&from=%ff%fe', '&q=%C3%28'])
      : ''
  return search + broken === '' ? '' : `?${search}${broken}`
}

/** A segment of a path: an empty one, or dots, would be another path. */
function asSegment(text: string): string {
  return /^\.*$/.test(text) ? 'a' : encodeURIComponent(text.replaceAll(/[\ud800-\udfff]/g, ''))
}
