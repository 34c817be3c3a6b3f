import { isHidden } from '../access/free-text.js'
import { maskedInSql } from '../access/mask-people.js'
import type { Sight } from '../access/sight.js'
import { logColumnNames, logColumns, type LogColumn } from './log-columns.js'

/** The identity of a log. */
export const logId =
  "concat(toString(toUnixTimestamp(t.stream_created)), '-', toString(t.stream_seq), '-', toString(t.event_index)) AS id"

/** A column of a log as the API shows it to whoever sees so much of people. */
export function presentedColumn(name: LogColumn, sight: Sight): string {
  if (isHidden(name, sight)) return `CAST(NULL, 'Nullable(String)') AS ${name}`
  if (logColumns[name] === 'measure') return `t.${name} AS ${name}`
  if (logColumns[name] === 'code') return `nullIf(t.${name}, 0) AS ${name}`
  return `nullIf(${maskedInSql(`t.${name}`, sight)}, '') AS ${name}`
}

const attributes: Record<Sight, string> = {
  all: 't.attributes',
  masked: `CAST(mapApply((key, value) -> (${maskedInSql('toString(key)', 'masked')}, ${maskedInSql('value', 'masked')}), t.attributes), 'Map(String, String)')`,
  bare: "CAST(map(), 'Map(String, String)')",
}

/**
 * A log as the API shows it to whoever sees so much of people, in every format: what is absent is NULL, and not '' or 0.
 *
 * @param nested how maps and tuples are given: as they are, or as their JSON for formats that have none (CSV).
 */
export function logSelection(sight: Sight, nested: 'as_is' | 'as_json' = 'as_is'): string {
  const nest = (value: string): string => (nested === 'as_json' ? `toJSONString(${value})` : value)
  return [
    logId,
    't.timestamp AS timestamp',
    't.level AS level',
    ...logColumnNames.map((name) => presentedColumn(name, sight)),
    `${nest(attributes[sight])} AS attributes`,
    't.received_at AS received_at',
    `${nest("CAST((t.stream_seq, t.event_index), 'Tuple(stream_seq UInt64, event_index UInt32)')")} AS position`,
  ].join(',\n  ')
}

/** Newest first. Events of the same microsecond are told apart by their position in the queue, so that the order is total. */
export const newestFirst = 't.timestamp DESC, t.stream_created DESC, t.stream_seq DESC, t.event_index DESC'
