import type { Replace } from './replace.js'
import { isHarmless, kindOfKey, type KeyKind } from './secret-keys.js'
import { valueEnd } from './value-end.js'

/** A name of one or two words and what parts it from its value: `token=`, `"token":"`, `<token>`, `\"token\" => `, `API key: `. */
const namePattern =
  /(?<![\w$.-])((?:[\w$.-]+ )?[\w$.-]+)(\\*["'`]?\]?(?:\s{0,8}(?:=>|:=|[:=])[^\S\n]{0,8}|>))/g

/** Headers without quotes go to the end of their line: their values hold spaces and semicolons. */
const headerPattern = /(?:authorization|cookie)$/i

/** What stands after a colon in sentences (`token: expired`) and names nobody. */
const remark =
  /^(?:-|null|nil|undefined|none|true|false|ok|yes|no|not|is|was|has|must|should|too|and|or|in|expired|invalid|valid|missing|required|revoked|rejected|mismatch|malformed|unknown|empty|wrong|incorrect|failed|failure|success|successful|succeeded|signature|sent|error|found|denied|unauthori[sz]ed|forbidden|anonymous|guest|redacted)[.,;:!]?$/i

/**
 * Replaces values that a text gives a telling name, in whatever notation: query, headers, JSON, JSON in JSON,
 * `key=value` logs. A value that is cut by the end of the text is replaced as well.
 */
export function replaceNamed(text: string, replace: Replace): string {
  let clean = ''
  let position = 0
  namePattern.lastIndex = 0
  for (let match = namePattern.exec(text); match !== null; match = namePattern.exec(text)) {
    const [, name = '', separator = ''] = match
    const kind = kindOfName(name)
    if (kind === 'other' || kind === 'agent') continue
    if (separator.endsWith('>') && text[match.index - 1] === '/') continue
    const start = namePattern.lastIndex
    const header = separator.startsWith(':') && headerPattern.test(name)
    const value = valueEnd(text, start, header ? (text[match.index - 1] ?? '') : undefined)
    if (value.end > value.start) {
      const found = text.slice(value.start, value.end)
      clean += text.slice(position, value.start) + replacement(kind, found, value.nested, replace)
      position = value.end
    }
    namePattern.lastIndex = value.end
  }
  return position === 0 ? text : clean + text.slice(position)
}

/** `API key` is more than `key`; where the two words say nothing together, the second may alone. */
function kindOfName(name: string): KeyKind {
  const space = name.indexOf(' ')
  const kind = kindOfKey(name)
  return kind === 'other' && space !== -1 ? kindOfKey(name.slice(space + 1)) : kind
}

function replacement(kind: KeyKind, value: string, nested: boolean, replace: Replace): string {
  if (!nested && remark.test(value)) return value
  if ((kind === 'number' || kind === 'word') && isHarmless(kind, value)) return value
  // What is nested below a person is more than one value; together they are as good as dropped.
  return (kind === 'user' || kind === 'ip') && !nested ? replace(kind, value) : replace('secret', value)
}
