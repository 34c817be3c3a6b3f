import type { Random } from '../chaos/random.js'
import { resolved, type Document, type Schema } from './document.js'
import { drawNearText, drawWildText } from './draw-text.js'

/** How well a drawn value keeps to its schema. */
export type Care = 'valid' | 'near' | 'wild'

/** Values of a body may be nested this deep. */
const depthMax = 6

/** Draws the text of a parameter. */
export function drawParameter(
  random: Random,
  schema: Schema,
  example: string | undefined,
  care: Care,
): string {
  if (care === 'wild') return drawWildText(random)
  if (care === 'near' && random.share() < 0.3 && schema.maximum !== undefined) {
    return String(random.pick([(schema.minimum ?? 0) - 1, schema.maximum + 1]))
  }
  const valid = validText(random, schema, example)
  return care === 'near' ? drawNearText(random, valid) : valid
}

function validText(random: Random, schema: Schema, example: string | undefined): string {
  if (schema.type === 'array') {
    const items = schema.items ?? {}
    if (items.enum === undefined && example !== undefined) return example
    const length = random.integer(1, 3)
    return Array.from({ length }, () => validText(random, items, undefined)).join(',')
  }
  if (schema.enum !== undefined) return String(random.pick(schema.enum))
  if (schema.type === 'integer' || schema.type === 'number') return String(drawNumber(random, schema))
  return example ?? 'a'
}

function drawNumber(random: Random, { minimum = 0, maximum = 1_000, type }: Schema): number {
  const share = random.share()
  if (share < 0.5) return share < 0.25 ? minimum : maximum
  return type === 'integer'
    ? random.integer(minimum, maximum)
    : minimum + random.share() * (maximum - minimum)
}

/** Draws a value of a JSON body. */
export function drawJson(random: Random, document: Document, schema: Schema, care: Care, depth = 0): unknown {
  const known = resolved(document, schema)
  if (care === 'wild' && random.share() < 0.3) return drawWildJson(random)
  if (care !== 'valid' && random.share() < 0.05) return drawWildJson(random)
  const choices = known.anyOf ?? known.oneOf
  if (choices !== undefined) return drawJson(random, document, random.pick(choices), care, depth)
  if (known.const !== undefined) return known.const
  if (known.enum !== undefined) return random.pick(known.enum)
  const [type] = [known.type].flat()
  if (type === 'object' || known.properties !== undefined)
    return drawObject(random, document, known, care, depth)
  if (type === 'array') {
    const length = depth > depthMax ? 0 : random.integer(1, 3)
    return Array.from({ length }, () => drawJson(random, document, known.items ?? {}, care, depth + 1))
  }
  if (type === 'integer' || type === 'number') return drawNumber(random, known)
  if (type === 'boolean') return random.share() < 0.5
  const example = typeof known.example === 'string' ? known.example : 'a'
  return drawParameter(random, known, example, care)
}

function drawObject(random: Random, document: Document, schema: Schema, care: Care, depth: number): unknown {
  const required = new Set(schema.required)
  const entries = Object.entries(schema.properties ?? {})
    .filter(([name]) => (required.has(name) && care === 'valid') || random.share() < 0.7)
    .map(([name, member]): [string, unknown] => [name, drawJson(random, document, member, care, depth + 1)])
  if (care !== 'valid' && random.share() < 0.2) entries.push([drawWildText(random), drawWildJson(random)])
  return Object.fromEntries(entries)
}

function drawWildJson(random: Random): unknown {
  return random.pick([null, true, 0, -1, 1e308, [], [[]], {}, { a: { b: [null] } }, drawWildText(random)])
}
