import type { RejectionReason } from '@pulsehouse/events'
import type { Column } from '@pulsehouse/platform'
import { positionColumns, type Position } from './log-columns.js'

/** A row of the table `rejected_events`. */
export interface RejectedRow {
  position: Position
  reason: RejectionReason
  detail: string
  contentType: string
  /** The line, cleaned and cut. */
  payload: string
  /** Length of the whole line. */
  payloadChars: number
}

/** Columns of the table `rejected_events`. */
export const rejectedColumns: Column<RejectedRow>[] = [
  ...positionColumns,
  { name: 'reason', type: 'String', value: (row) => row.reason },
  { name: 'detail', type: 'String', value: (row) => row.detail },
  { name: 'content_type', type: 'String', value: (row) => row.contentType },
  { name: 'payload', type: 'String', value: (row) => row.payload },
  { name: 'payload_chars', type: 'UInt32', value: (row) => row.payloadChars },
]
