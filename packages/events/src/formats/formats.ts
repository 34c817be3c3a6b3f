import { limits } from '../limits.js'
import { combinedFormat } from './combined.js'
import { rejected, type Decoded, type LineContext, type WireFormat } from './decoded.js'
import { jsonFormat } from './json.js'
import { pipeFormat } from './pipe.js'

/** The wire formats by name. */
export const formats = { json: jsonFormat, pipe: pipeFormat, combined: combinedFormat } as const

/** Name of a wire format, as on the command line. */
export type FormatName = keyof typeof formats

const byContentType = new Map<string, WireFormat>([
  ...Object.values(formats).map((format) => [format.contentType, format] as const),
  ['application/json', jsonFormat],
  ['application/jsonl', jsonFormat],
])

/** The format that a chunk's `Content-Type` names; NDJSON where it names none, undefined where nobody knows it. */
export function formatOf(contentType: string | undefined): WireFormat | undefined {
  const essence = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  return essence === '' ? jsonFormat : byContentType.get(essence)
}

/** Decodes one line, holding it to the limits that all formats share. */
export function decodeLine(format: WireFormat, line: string, context: LineContext): Decoded {
  // UTF-8 never has fewer bytes than UTF-16 has units; only a line near the limit is measured.
  if (line.length > limits.lineBytesMax || Buffer.byteLength(line) > limits.lineBytesMax) {
    return rejected('too_long', `a line may have ${limits.lineBytesMax} bytes at the most`)
  }
  if (line.trim() === '') return rejected('empty', 'the line is empty')
  // Files from Windows begin with a byte order mark.
  return format.decode(line.charCodeAt(0) === 0xfeff ? line.slice(1) : line, context)
}
