import { exception } from '../http/errors.js'
import { tokenize, type Token } from './tokens.js'

/** The parts of `INSERT INTO target [SETTINGS …] FORMAT X data`, as places in the text. */
export interface InsertHead {
  /** Everything up to SETTINGS, FORMAT or VALUES: `INSERT INTO t (a, b)`. */
  into: string
  /** `SETTINGS a = 1`, or empty. */
  settings: string
  /** The format as it is written; `Values` for VALUES. */
  format: string
  /** Where the data begins. */
  dataStart: number
}

/** What the beginning of a statement says about the rest. */
export type HeadVerdict = InsertHead | 'statement without data' | 'undecided'

/**
 * Looks whether a statement is an INSERT whose data follows in the text, and where.
 *
 * @param text the beginning of the statement, a character a byte (latin1), so that places are byte offsets
 * and binary data does no harm.
 * @param whole whether the text is all there is.
 * @throws {ClickhouseError} for `INSERT … FROM INFILE`, which reads the server's own files.
 */
export function readHead(text: string, whole: boolean): HeadVerdict {
  const undecided: HeadVerdict = whole ? 'statement without data' : 'undecided'
  let previous: Token | undefined
  let settings: Token | undefined
  let format: Token | undefined
  for (const token of tokenize(text)) {
    if (token.kind === 'open') return undecided
    // A word that the text ends with may go on in what has not arrived.
    if (!whole && token.end === text.length) return 'undecided'
    if (previous === undefined) {
      if (token.text !== 'INSERT') return 'statement without data'
    } else if (format !== undefined) {
      // The line end before the data must not be taken for data.
      if (!whole && /^[ \t\f]*\r?$/.test(text.slice(token.end))) return 'undecided'
      return head(text, settings, format, text.slice(token.start, token.end), afterFormat(text, token.end))
    } else if (previous.text === '(' && isQuery(token)) {
      return 'statement without data'
    } else if (token.depth === 0 && token.kind === 'word' && !isName(previous)) {
      if (token.text === 'VALUES') return head(text, settings, token, 'Values', token.end)
      if (token.text === 'FORMAT') format = token
      if (token.text === 'SETTINGS') settings = token
      if (token.text === 'INFILE') throw exception(78, 'UNKNOWN_TYPE_OF_QUERY', infileRefused)
      if (isQuery(token)) return 'statement without data'
    } else if (token.text === ';') return 'statement without data'
    previous = token
  }
  return undecided
}

const infileRefused = 'Query has infile and was send directly to server'

/**
 * The format that a query names for its result, as far as a scan can tell; only the reply's headers depend on
 * it, the engine reads the clause itself.
 *
 * @throws {ClickhouseError} for `INTO OUTFILE`, which writes the server's own files.
 */
export function formatOf(sql: string): string | undefined {
  let previous: Token | undefined
  let format: string | undefined
  for (const token of tokenize(sql)) {
    if (token.depth === 0 && token.kind === 'word') {
      if (previous?.text === 'FORMAT' && previous.depth === 0) format = sql.slice(token.start, token.end)
      if (previous?.text === 'INTO' && token.text === 'OUTFILE')
        throw exception(358, 'INTO_OUTFILE_NOT_ALLOWED', 'INTO OUTFILE is not allowed')
    }
    previous = token
  }
  return format
}

/** The first word of a statement, in upper case; empty when there is none. */
export function firstWord(sql: string): string {
  for (const token of tokenize(sql)) if (token.text !== '(') return token.text
  return ''
}

function head(
  text: string,
  settings: Token | undefined,
  clause: Token,
  format: string,
  dataStart: number,
): InsertHead {
  return {
    into: text.slice(0, settings?.start ?? clause.start),
    settings: settings === undefined ? '' : text.slice(settings.start, clause.start),
    format,
    dataStart,
  }
}

/** Data begins after blanks and one line end, as the engine's parser has it: binary data may begin with more. */
function afterFormat(text: string, at: number): number {
  return at + (/^[ \t\f]*\r?\n?/.exec(text.slice(at, at + 64))?.[0].length ?? 0)
}

function isQuery(token: Token): boolean {
  return token.kind === 'word' && ['SELECT', 'WITH', 'WATCH'].includes(token.text)
}

/** Whether what follows this token is a table's or a function's name, whatever word it is. */
function isName(previous: Token): boolean {
  return ['INTO', 'TABLE', 'FUNCTION', '.'].includes(previous.text)
}
