/** A piece of SQL with its place in the text. */
export interface Token {
  /** `open` is a string, quoted name or comment that the text ends in the middle of. */
  kind: 'word' | 'quoted' | 'mark' | 'open'
  /** A word in upper case, a mark as it is, empty for what is quoted. */
  text: string
  start: number
  end: number
  /** How many brackets of any sort are open around it. */
  depth: number
}

const pattern =
  // blanks and comments | words and numbers | the start of a heredoc | any other mark
  /(\s+|--[^\n]*(?:\n|$)|#[ !][^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)|([\w\u0080-\uffff]+)|(\$\w*\$)|([\s\S])/gy

/**
 * Cuts SQL into tokens as the engine's lexer does, as far as strings, quoted names, comments and brackets go.
 * It stops after an `open` token. The time it takes grows with the length of the text and no faster, whatever it is.
 */
export function* tokenize(sql: string): Generator<Token> {
  const scan = new RegExp(pattern)
  const heredocs = new Heredocs(sql)
  let depth = 0
  for (let match = scan.exec(sql); match !== null; match = scan.exec(sql)) {
    const [all, blank, word, tag, mark] = match
    const start = match.index
    if (blank !== undefined) continue
    const quotedEnd = tag === undefined ? endOfQuoted(sql, start) : heredocs.endOf(tag, start)
    if (quotedEnd !== undefined) {
      scan.lastIndex = quotedEnd
      yield { kind: 'quoted', text: '', start, end: quotedEnd, depth }
      continue
    }
    if (opensWithoutEnd(sql, start)) {
      yield { kind: 'open', text: '', start, end: sql.length, depth }
      return
    }
    // No heredoc after all, so its first character is a mark like any other.
    if (tag !== undefined) scan.lastIndex = start + 1
    if (mark !== undefined && ')]}'.includes(mark)) depth -= 1
    const text = word ?? mark ?? '$'
    yield {
      kind: word === undefined ? 'mark' : 'word',
      text: text.toUpperCase(),
      start,
      end: start + (tag === undefined ? all.length : 1),
      depth,
    }
    if (mark !== undefined && '([{'.includes(mark)) depth += 1
  }
}

/** Where a string or a quoted name ends. By hand: an expression overflows the stack at some millions of characters. */
function endOfQuoted(sql: string, start: number): number | undefined {
  const quote = sql[start] ?? ''
  if (!'\'"`'.includes(quote)) return undefined
  for (let at = start + 1; at < sql.length; at += 1) {
    if (sql[at] === '\\') at += 1
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1
      at += 1
    }
  }
  return undefined
}

/** The strings between `$tag$` and `$tag$`. Which tags come again is found out once: thousands of them may not. */
class Heredocs {
  #lastPlaces: Map<string, number> | undefined

  constructor(private readonly sql: string) {}

  endOf(tag: string, start: number): number | undefined {
    this.#lastPlaces ??= new Map(
      [...this.sql.matchAll(/(?=(\$\w*\$))/g)].map((match) => [match[1] ?? '', match.index]),
    )
    if ((this.#lastPlaces.get(tag) ?? 0) < start + tag.length) return undefined
    return this.sql.indexOf(tag, start + tag.length) + tag.length
  }
}

/** A quote or the start of a comment that no end was found for. */
function opensWithoutEnd(sql: string, at: number): boolean {
  const mark = sql[at] ?? ''
  return '\'"`'.includes(mark) || (mark === '/' && sql[at + 1] === '*')
}

/** The text with each word and each quoted piece replaced by what `replace` makes of it. */
export function replaceTokens(sql: string, replace: (token: string) => string): string {
  let result = ''
  let end = 0
  for (const token of tokenize(sql)) {
    if (token.kind !== 'word' && token.kind !== 'quoted') continue
    result += sql.slice(end, token.start) + replace(sql.slice(token.start, token.end))
    end = token.end
  }
  return result + sql.slice(end)
}
