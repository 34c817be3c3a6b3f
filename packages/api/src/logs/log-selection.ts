import { logColumnNames, logColumns, type LogColumn } from './log-columns.js'

/** What people are known by: only a key with the role `personal` sees it. */
const personalColumns: ReadonlySet<LogColumn> = new Set(['user_id', 'ip_address'])

/** The identity of a log. */
export const logId =
  "concat(toString(toUnixTimestamp(t.stream_created)), '-', toString(t.stream_seq), '-', toString(t.event_index)) AS id"

/** A column of a log as the API shows it. @param personal whether people are shown. */
export function presentedColumn(name: LogColumn, personal: boolean): string {
  if (!personal && personalColumns.has(name)) return `CAST(NULL, 'Nullable(String)') AS ${name}`
  if (logColumns[name] === 'measure') return `t.${name} AS ${name}`
  return `nullIf(t.${name}, ${logColumns[name] === 'text' ? "''" : '0'}) AS ${name}`
}

/**
 * A log as the API shows it, in every format: what is absent is NULL, and not '' or 0.
 *
 * @param personal whether people are shown.
 * @param nested how maps and tuples are given: as they are, or as their JSON for formats that have none (CSV).
 */
export function logSelection(personal: boolean, nested: 'as_is' | 'as_json' = 'as_is'): string {
  const nest = (value: string): string => (nested === 'as_json' ? `toJSONString(${value})` : value)
  return [
    logId,
    't.timestamp AS timestamp',
    't.level AS level',
    ...logColumnNames.map((name) => presentedColumn(name, personal)),
    `${nest('t.attributes')} AS attributes`,
    't.received_at AS received_at',
    `${nest("CAST((t.stream_seq, t.event_index), 'Tuple(stream_seq UInt64, event_index UInt32)')")} AS position`,
  ].join(',\n  ')
}

/** Newest first. Events of the same microsecond are told apart by their position in the queue, so that the order is total. */
export const newestFirst = 't.timestamp DESC, t.stream_created DESC, t.stream_seq DESC, t.event_index DESC'
