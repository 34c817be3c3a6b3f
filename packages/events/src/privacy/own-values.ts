import { encodeComponent } from './layers.js'

/** A value that stands in a field of its own, and what may stand in its place elsewhere. */
export interface OwnValue {
  /** How it may be written, in lower case: as it is, and percent-encoded where that is another text. */
  spellings: string[]
  replacement: string
}

/** A value shorter than this is too common to be looked for. */
const soughtCharsMin = 3
/** A number shorter than this is also an amount or a time. */
const soughtDigitsMin = 5
/** From here on a value is no part of another word by chance. */
const distinctCharsMin = 12

/** User names and tokens that are also words of every log. */
const common =
  /^(?:admin|user|users|guest|root|test|anonymous|unknown|system|none|null|undefined|true|false|login|logout|shop|web|api|app|www|http|https|get|post|put|info|the|and|not|for|with)$/

/** The value to look for in other fields, or undefined if it is too common for that. */
export function ownValue(value: string, replacement: string): OwnValue | undefined {
  const sought = value.toLowerCase()
  const tooShort = sought.length < (/^\d+$/.test(sought) ? soughtDigitsMin : soughtCharsMin)
  if (tooShort || value === replacement || common.test(sought)) return undefined
  const isPlain = /^[\w.~-]+$/.test(sought)
  return { spellings: isPlain ? [sought] : [sought, encodeComponent(sought).toLowerCase()], replacement }
}

/** Whether a text in lower case holds one of the values. */
export function holdsOwn(lowerCaseText: string, own: readonly OwnValue[]): boolean {
  return own.some(({ spellings }) => spellings.some((spelling) => lowerCaseText.includes(spelling)))
}

/** Replaces the values wherever they stand as words of their own, in whatever case and encoding. */
export function replaceOwn(text: string, own: readonly OwnValue[]): string {
  if (!holdsOwn(text.toLowerCase(), own)) return text
  let clean = text
  for (const { spellings, replacement } of own) {
    for (const spelling of spellings) clean = clean.replaceAll(patternOf(spelling), () => replacement)
  }
  return clean
}

function patternOf(spelling: string): RegExp {
  const escaped = spelling.replaceAll(
    /\W/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return new RegExp(
    spelling.length < distinctCharsMin ? `(?<![a-z\\d])${escaped}(?![a-z\\d])` : escaped,
    'gi',
  )
}
