import { gzipSync } from 'node:zlib'
import type { Random } from '../chaos/random.js'
import type { Content, Document } from './document.js'
import { asHeader, drawNearText, drawWildText } from './draw-text.js'
import { drawJson, type Care } from './draw-value.js'

/** Draws what an operation is sent, and writes the headers that go with it. */
export function drawBody(
  random: Random,
  document: Document,
  content: Content | undefined,
  care: Care,
  headers: Record<string, string>,
): { body?: string | Uint8Array } {
  if (content === undefined) return {}
  const type = random.pick(Object.keys(content))
  const wrongType = care === 'wild' && random.share() < 0.2
  headers['Content-Type'] = wrongType ? asHeader(drawWildText(random)) : type
  const text = drawText(random, document, content[type] ?? {}, care)
  if (random.share() > 0.1) return { body: text }
  headers['Content-Encoding'] = 'gzip'
  const zipped = gzipSync(text)
  return { body: new Uint8Array(care === 'wild' ? zipped.subarray(0, -4) : zipped) }
}

function drawText(random: Random, document: Document, media: Content[string], care: Care): string {
  const { example, schema = {} } = media
  const share = random.share()
  if (care === 'wild' && share < 0.3) return random.pick(['', '[', '{"a":', 'null', drawWildText(random)])
  // A body whose schema says little is found in the example only.
  if (example !== undefined && share < 0.8) {
    const whole = typeof example === 'string' ? example.repeat(random.integer(1, 4)) : JSON.stringify(example)
    return care === 'valid' ? whole : drawNearText(random, whole)
  }
  return JSON.stringify(drawJson(random, document, schema, care))
}
