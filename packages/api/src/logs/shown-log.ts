import { isHidden } from '../access/free-text.js'
import { maskPeople } from '../access/mask-people.js'
import type { Sight } from '../access/sight.js'
import type { Log } from './log.js'
import { logColumnNames, logColumns } from './log-columns.js'

/** A log for whoever sees so much of people: what `logSelection` makes of a stored one, for one that is not stored yet. */
export function shownLog(log: Log, sight: Sight): Log {
  if (sight === 'all') return log
  const changed = logColumnNames
    .filter((name) => logColumns[name] === 'text')
    .map((name) => [name, isHidden(name, sight) ? null : masked(log[name])])
  const attributes = sight === 'bare' ? [] : Object.entries(log.attributes)
  return {
    ...log,
    ...(Object.fromEntries(changed) as Partial<Log>),
    attributes: Object.fromEntries(attributes.map(([key, value]) => [maskPeople(key), maskPeople(value)])),
  }
}

function masked<Value>(value: Value): Value | string {
  return typeof value === 'string' ? maskPeople(value) : value
}
