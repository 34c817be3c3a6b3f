import { decodeChunkLine, formats, type LogEvent, type Protection } from '@pulsehouse/events'
import type { NativeBlock } from '@pulsehouse/platform'
import type { LogRow, Position } from '../batches/log-columns.js'
import { SearchedText, SoughtValue } from './own-search.js'
import type { RowSlots } from './row-slots.js'

/** What a text in a field becomes: what decoding and protecting an event that has only this field has shown. */
export interface KnownValue {
  /** Which of the block's texts it is, -1 for none. */
  textSlot: number
  text: Uint8Array
  /** Which of the block's dictionary columns get a text from it, and the text's number there. */
  dictionarySlots: readonly number[]
  dictionaryIds: readonly number[]
  /** The stored text, where the event's own user, address or token may stand in it. */
  searched: SearchedText | undefined
  /** The value itself, where it must not stand in another field. */
  sought: SoughtValue | undefined
}

/** Fields that the protection looks through for the event's own values; identifiers are looked through as they come. */
const searchedFields = new Set<keyof LogEvent>([
  'message',
  'url',
  'referrer_url',
  'detail',
  'action',
  'status_text',
  'service',
  'host',
  'server_ip',
  'user_agent',
])

const nowhere: Position = {
  receivedDay: 0,
  receivedAtMicros: Date.UTC(2000) * 1000,
  streamCreatedSeconds: 0,
  streamSeq: 0,
  eventIndex: 0,
}
const context = { ...nowhere, contentType: formats.json.contentType, timeShiftMicros: 0 }

/**
 * Finds out what a text in a field becomes, by the way that every event can go.
 *
 * @returns undefined where a whole line has to go that way.
 */
export function learnValue(
  field: keyof LogEvent,
  text: string,
  protection: Protection,
  block: NativeBlock<LogRow>,
  slots: RowSlots,
): KnownValue | undefined {
  // Something must stand beside the level for it to be an event.
  const line = JSON.stringify(field === 'level' ? { level: text, port: 1 } : { level: 'INFO', [field]: text })
  const decoded = decodeChunkLine(context, line)
  if (!decoded.ok || Object.keys(decoded.event.attributes).length > 0) return undefined
  const safe = protection.event(decoded.event)
  const value = safe[field as keyof typeof safe]
  const stored = typeof value === 'string' ? value : ''
  const row = textsOf({ event: safe, position: nowhere }, block)
  if (field !== 'level') row.delete('level')
  const textSlot = slots.texts.names.findIndex((name) => row.has(name))
  const dictionarySlots = slots.dictionaries.names.flatMap((name, slot) => (row.has(name) ? [slot] : []))
  return {
    textSlot,
    text: Buffer.from(row.get(slots.texts.names[textSlot] ?? '') ?? ''),
    dictionarySlots,
    dictionaryIds: dictionarySlots.map(
      (slot) =>
        slots.dictionaries.writers[slot]?.idOf(row.get(slots.dictionaries.names[slot] ?? '') ?? '') ?? 0,
    ),
    searched: searchedFields.has(field) ? new SearchedText(stored) : undefined,
    sought:
      field === 'user_id' || field === 'ip_address'
        ? SoughtValue.of(String(decoded.event[field]), stored)
        : undefined,
  }
}

/** A row's texts that are not empty, by their columns. */
function textsOf(row: LogRow, block: NativeBlock<LogRow>): Map<string, string> {
  const texts = new Map<string, string>()
  for (const { column } of block.writers) {
    const value = column.value(row)
    if (typeof value === 'string' && value !== '') texts.set(column.name, value)
  }
  return texts
}
