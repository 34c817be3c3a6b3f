import type { Replace } from './replace.js'
import { scrubLabel, scrubSentence } from './scrub-text.js'
import { isHarmless, kindOfKey } from './secret-keys.js'

/**
 * Cleans what an event carries beside the catalog: each value is judged by its name, and where the name says
 * nothing by its text. Secrets are left out.
 */
export function scrubAttributes(
  attributes: Readonly<Record<string, string>>,
  replace: Replace,
): Record<string, string> {
  const safe: Record<string, string> = {}
  for (const path of Object.keys(attributes)) {
    const value = scrubAttribute(namedBySibling(path, attributes), attributes[path] ?? '', replace)
    if (value !== undefined) safe[scrubSentence(path, replace)] = value
  }
  return safe
}

/** Headers are also written as pairs: `headers.0.name` is `Cookie` and `headers.0.value` is the secret. */
function namedBySibling(path: string, attributes: Readonly<Record<string, string>>): string {
  if (!path.endsWith('.value')) return path
  const parent = path.slice(0, -'value'.length)
  return attributes[`${parent}name`] ?? attributes[`${parent}key`] ?? path
}

function scrubAttribute(path: string, value: string, replace: Replace): string | undefined {
  const kind = kindOfKey(path)
  switch (kind) {
    case 'secret':
      return undefined
    case 'number':
    case 'word':
      return isHarmless(kind, value) ? value : undefined
    case 'user':
      return value === 'true' || value === 'false' ? value : replace('user', value)
    case 'ip': {
      // A list of addresses, or one with a port; what holds none is the name of a host.
      const scrubbed = scrubSentence(value, replace)
      return scrubbed === value ? replace('ip', value) : scrubbed
    }
    case 'agent':
      return scrubLabel(value, replace)
    case 'other':
      return scrubSentence(value, replace)
  }
}
