import { pseudonymShape } from '@pulsehouse/events'
import type { Sight } from './sight.js'

const everyPseudonym = new RegExp(pseudonymShape, 'g')
/** Searches find text in capitals or not, so a pseudonym in capitals names somebody as well. */
const anyPseudonym = new RegExp(pseudonymShape, 'i')

/** A text in which `user_…` and `ip_…` stand for pseudonyms: that somebody was there is told, who it was is not. */
export function maskPeople(text: string): string {
  return text.replaceAll(everyPseudonym, '$1_…')
}

/**
 * The same for ClickHouse, for whoever sees so much of people.
 *
 * @param value an expression of ours; nothing that a user has typed.
 */
export function maskedInSql(value: string, sight: Sight): string {
  if (sight === 'all') return value
  return String.raw`replaceRegexpAll(${value}, '${pseudonymShape}', '\\1_…')`
}

/** Whether a pseudonym stands in a text, in capitals or not. */
export function namesPerson(text: string): boolean {
  return anyPseudonym.test(text)
}
