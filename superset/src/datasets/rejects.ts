import { rejectionReasons } from '@pulsehouse/events'
import { defineDataset, formats } from '../dataset.js'

/** Rejected events by reason; every reason is there, with 0 where nothing was rejected for it. */
export const rejects = defineDataset({
  name: 'rejects',
  description:
    'What came in and is no event, by reason. Each reason has empty rows every five minutes, so that none is a 0 and not an empty chart.',
  sql: `SELECT toDateTime(received_at) AS arrived, toString(reason) AS reason_name, 1 AS line, detail
FROM pulsehouse.rejected_events
UNION ALL
SELECT toStartOfFiveMinutes(now()) - toIntervalSecond(300 * number) AS arrived, arrayJoin([${rejectionReasons.map((reason) => `'${reason}'`).join(', ')}]) AS reason_name, 0 AS line, '' AS detail
FROM numbers(8640)`,
  time: 'arrived',
  columns: { reason: { label: 'Reason', sql: "replaceAll(reason_name, '_', ' ')" } },
  metrics: {
    rejected_count: {
      label: 'Rejected events',
      sql: 'sum(line)',
      format: formats.count,
      description: 'Lines that are no event.',
    },
    newest_rejected: {
      label: 'Newest',
      sql: "if(sum(line) = 0, '', toString(maxIf(arrived, line = 1)))",
      format: '',
      description: 'When one was rejected last, UTC.',
    },
    newest_detail: {
      label: 'What was wrong with it',
      sql: 'argMaxIf(detail, arrived, line = 1)',
      format: '',
      description: 'What is wrong with the newest, for whoever mends the producer.',
    },
  },
})
