import { decodeChunkLine, formats, type LogEvent, type Protection } from '@pulsehouse/events'
import type { NativeBlock } from '@pulsehouse/platform'
import type { LogRow, Position } from '../batches/log-columns.js'
import type { ScannedField } from './fields.js'
import { idsMax, type LearnedText } from './known-texts.js'
import type { RowSlots } from './row-slots.js'

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
 * Finds out what a text in a field becomes, by the way that every event can go: from an event that has only this field.
 *
 * @returns undefined where a whole line has to go that way.
 */
export function learnText(
  { name, dictionarySlots }: ScannedField,
  text: string,
  protection: Protection,
  block: NativeBlock<LogRow>,
  slots: RowSlots,
): LearnedText | undefined {
  // Something must stand beside the level for it to be an event.
  const line = JSON.stringify(name === 'level' ? { level: text, port: 1 } : { level: 'INFO', [name]: text })
  const decoded = decodeChunkLine(context, line)
  if (!decoded.ok || Object.keys(decoded.event.attributes).length > 0) return undefined
  const safe = protection.event(decoded.event)
  const stored = safe[name as keyof typeof safe]
  const ids: number[] = dictionarySlots.map(() => 0)
  for (const { column } of block.writers) {
    const slot = slots.dictionaries.names.indexOf(column.name)
    const value = column.value({ event: safe, position: nowhere })
    if (slot === -1 || typeof value !== 'string' || value === '') continue
    if (column.name === 'level' && name !== 'level') continue
    let index = dictionarySlots.indexOf(slot)
    if (index === -1) index = dictionarySlots.push(slot) - 1
    ids[index] = slots.dictionaries.writers[slot]?.idOf(value) ?? 0
  }
  if (ids.length > idsMax) throw new RangeError(`${name} has texts in more than ${idsMax} columns`)
  return {
    text: typeof stored === 'string' ? stored : '',
    ids,
    isSearched: searchedFields.has(name),
    isSought: name === 'user_id' || name === 'ip_address' || name === 'token',
  }
}
