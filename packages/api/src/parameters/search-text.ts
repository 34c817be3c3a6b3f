import { describe, givenText, valueCharsMax } from './text.js'

/** What a search looks for. */
export interface SearchText {
  /** Small letters; each must occur as a whole word somewhere in the searched fields. */
  words: string[]
  /** Pieces that stood in quotes; each must stand in one field as it is, in capitals or not. */
  phrases: string[]
}

/** What separates words: every ASCII character but letters and digits. It is the tokenizer of the text index. */
const separators = /[\0-/:-@[-`{-\x7f]+/

/** Words of one search at the most. */
const wordsMax = 20

/** The words of a text, in small letters, in the order in which they stand. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(separators)
    .filter((word) => word !== '')
}

/** Reads what was typed into a search: words, and phrases between double quotes; a quote that is never closed is a separator. */
export function parseSearchText(text: string): SearchText {
  const phrases = [...text.matchAll(/"([^"]+)"/g)].map(([, phrase = '']) => phrase)
  return {
    words: [...new Set(wordsOf(text))],
    phrases: phrases.filter((phrase) => wordsOf(phrase).length > 0),
  }
}

/** `q`, the free text of a search. */
export const searchText = givenText
  .max(valueCharsMax, `must have ${valueCharsMax} characters at the most`)
  .refine((text) => wordsOf(text).length > 0, 'must have a word in it; use contains for other text')
  .refine((text) => wordsOf(text).length <= wordsMax, `must have ${wordsMax} words at the most`)
  .optional()
  .openapi({
    description: describe({
      description:
        'Words that must all occur, in capitals or not, in the message, the detail, the url, the status in words, the ' +
        'action or the values of the attributes; a piece in double quotes must also stand in one of them as it is written. ' +
        'Words are whole and consist of letters and digits; a part of a word is found by `contains`.',
      example: 'payment "connection refused"',
    }),
  })
