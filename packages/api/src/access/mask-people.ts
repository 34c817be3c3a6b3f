import { pseudonymShape } from '@pulsehouse/events'

const everyPseudonym = new RegExp(pseudonymShape, 'g')
/** Searches find text in capitals or not, so a pseudonym in capitals names somebody as well. */
const anyPseudonym = new RegExp(pseudonymShape, 'i')

/** A text in which `user_…` and `ip_…` stand for pseudonyms: that somebody was there is told, who it was is not. */
export function maskPeople(text: string): string {
  return text.replaceAll(everyPseudonym, '$1_…')
}

/** The same for ClickHouse. @param value an expression of ours; nothing that a user has typed. */
export function maskPeopleInSql(value: string): string {
  return String.raw`replaceRegexpAll(${value}, '${pseudonymShape}', '\\1_…')`
}

/** Whether a pseudonym stands in a text, in capitals or not. */
export function namesPerson(text: string): boolean {
  return anyPseudonym.test(text)
}
