/** A value's place in a text, without its quotes. */
interface ValuePlace {
  start: number
  end: number
  /** It is an object or an array. */
  nested: boolean
}

const quotePattern = /\\*["'`]/y

/**
 * A value without quotes. Separators and closing marks end it only where something that looks like the next value
 * or the end follows: passwords hold them too.
 */
const barePattern =
  /(?:(?:bearer|basic|digest|negotiate|token)\s{1,4})?(?:[^\s&,;"'`\]})>|\\]|[&,;](?!\s|$|["']?[\w.-]{1,40}["'\]]{0,2}\s?[:=])|["'`\]})>|\\](?=\w))+/iy

/**
 * Finds where a value that begins at `start` ends. A value that is never closed ends with the text.
 *
 * @param before for a header's value, the character before the header's name: a quote there ends it.
 */
export function valueEnd(text: string, start: number, before?: string): ValuePlace {
  quotePattern.lastIndex = start
  const quote = quotePattern.exec(text)?.[0]
  if (quote !== undefined) {
    const inner = start + quote.length
    return { start: inner, end: closingQuote(text, inner, quote), nested: false }
  }
  if (text[start] === '{' || text[start] === '[')
    return { start, end: closingBracket(text, start), nested: true }
  if (before !== undefined) return { start, end: headerEnd(text, start, before), nested: false }
  barePattern.lastIndex = start
  return { start, end: start + (barePattern.exec(text)?.[0].length ?? 0), nested: false }
}

/** A quote with as many backslashes as the opening one or fewer closes; one with more is part of the value. */
function closingQuote(text: string, start: number, opening: string): number {
  const mark = opening.at(-1) ?? '"'
  const depth = opening.length - 1
  for (let at = text.indexOf(mark, start); at !== -1; at = text.indexOf(mark, at + 1)) {
    let slashes = 0
    while (at - slashes > start && text[at - slashes - 1] === '\\') slashes += 1
    if (slashes <= depth || (depth === 0 && slashes % 2 === 0)) return at - Math.min(slashes, depth)
  }
  return text.length
}

function closingBracket(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const char = text[at]
    if (char === '{' || char === '[') depth += 1
    else if (char === '}' || char === ']') depth -= 1
    if (depth === 0) return at + 1
  }
  return text.length
}

function headerEnd(text: string, start: number, before: string): number {
  const marks = /["'`]/.test(before) ? ['\n', ' | ', before] : ['\n', ' | ']
  const ends = marks.map((mark) => text.indexOf(mark, start)).filter((at) => at !== -1)
  return Math.min(text.length, ...ends)
}
