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
  // blanks and comments | words and numbers | quoted | any other mark
  /(\s+|--[^\n]*(?:\n|$)|#[ !][^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)|([\w\u0080-\uffff]+)|('(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`\\]|\\[\s\S]|``)*`|\$(\w*)\$[\s\S]*?\$\4\$)|([\s\S])/gy

/**
 * Cuts SQL into tokens as the engine's lexer does, as far as strings, quoted names, comments and brackets go.
 * It stops after an `open` token.
 */
export function* tokenize(sql: string): Generator<Token> {
  const scan = new RegExp(pattern)
  let depth = 0
  for (let match = scan.exec(sql); match !== null; match = scan.exec(sql)) {
    const [all, blank, word, quoted, , mark] = match
    const start = match.index
    if (blank !== undefined) continue
    if (mark !== undefined && opensWithoutEnd(sql, start)) {
      yield { kind: 'open', text: '', start, end: sql.length, depth }
      return
    }
    if (mark !== undefined && ')]}'.includes(mark)) depth -= 1
    const kind = word !== undefined ? 'word' : quoted !== undefined ? 'quoted' : 'mark'
    yield { kind, text: (word ?? mark ?? '').toUpperCase(), start, end: start + all.length, depth }
    if (mark !== undefined && '([{'.includes(mark)) depth += 1
  }
}

/** A quote or the start of a comment that no end was found for. */
function opensWithoutEnd(sql: string, at: number): boolean {
  const mark = sql[at] ?? ''
  return '\'"`'.includes(mark) || (mark === '/' && sql[at + 1] === '*')
}
