import type { Protection } from '@pulsehouse/events'
import { statusCodesOf } from '../parameters/lists.js'
import type { LogFilters } from '../parameters/log-filters.js'
import { parseSearchText } from '../parameters/search-text.js'
import type { LogConditions } from './log-conditions.js'

/** What given filters mean for stored logs: classes of statuses as codes, and people as they are stored. */
export function storedFilters(filters: LogFilters, protection: Protection): LogConditions {
  const { status, user, ip, attribute, q, contains, ...same } = filters
  const valued = attribute?.filter(({ value }) => value !== undefined)
  const { words, phrases } = parseSearchText(q ?? '')
  return {
    ...same,
    status: status?.flatMap(statusCodesOf),
    user: lookups(user, (value) => protection.user(value)),
    ip: lookups(ip, (value) => protection.ip(value)),
    attribute_keys: attribute?.map(({ key }) => key),
    attribute_pairs: valued?.map(({ key }) => key),
    attribute_values: valued?.map(({ value }) => value ?? ''),
    words: words.length > 0 ? words : undefined,
    phrases: phrases.length > 0 ? phrases : undefined,
    contains: contains === undefined ? undefined : patternOf(contains),
  }
}

/** A person's value is stored as a pseudonym, or in clear where the stack was told so: either is looked for. */
export function lookups(
  values: string[] | undefined,
  protect: (value: string) => string,
): string[] | undefined {
  return values && [...new Set(values.flatMap((value) => [value, protect(value)]))]
}

/** The pattern of LIKE for texts with this piece in them. */
function patternOf(piece: string): string {
  return `%${piece.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}
