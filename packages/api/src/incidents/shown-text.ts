import { maskedInSql } from '../access/mask-people.js'
import type { Sight } from '../access/sight.js'

/** Entities that are somebody: their values are for keys that may see people. */
const people = "('user', 'ip_address')"

/** Where clear values are kept, applications may have put anybody into the id of a session as well. */
const peopleInClear = "('user', 'ip_address', 'session')"

/**
 * What may not stand in a finding's texts where clear values are kept, the longest first: its entity and the user agents.
 * The table is called `f`.
 */
export const namesOfFinding = `arraySort(name -> -length(name), arrayFilter(name -> name != '', arrayConcat(
    [if(f.entity_type IN ${peopleInClear}, f.entity, '')],
    arrayMap(cause -> cause.value, arrayFilter(cause -> cause.dimension = 'user_agent', f.causes))
  )))`

/**
 * A text of a finding for whoever sees so much of people: pseudonyms are masked, and clear names are replaced by `…`.
 *
 * @param value an expression of ours; nothing that a user has typed.
 * @param names the clear names that may stand in it, the longest first, as an expression.
 */
export function shownText(value: string, names: string, sight: Sight): string {
  if (sight !== 'bare') return maskedInSql(value, sight)
  return `arrayFold((said, name) -> replaceAll(said, name, '…'), ${names}, toString(${value}))`
}

/** The entity of a finding for whoever sees so much of people; null where it is hidden, or where there is none. */
export function shownEntity(sight: Sight): string {
  if (sight === 'all') return "nullIf(f.entity, '')"
  const hidden = sight === 'bare' ? peopleInClear : people
  return `if(f.entity_type IN ${hidden}, NULL, nullIf(${maskedInSql('f.entity', sight)}, ''))`
}
