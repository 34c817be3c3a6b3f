import { defineDataset, formats } from '../dataset.js'

/** What the tables hold. */
export const storage = defineDataset({
  name: 'storage',
  description: 'The parts of our tables as they are now.',
  sql: `SELECT table AS table_name, rows AS part_rows, bytes_on_disk AS part_bytes
FROM system.parts
WHERE active AND database = 'pulsehouse'`,
  columns: { table_name: { label: 'Table' } },
  metrics: {
    stored_rows: { label: 'Rows', sql: 'sum(part_rows)', format: formats.short, description: 'Rows.' },
    stored_bytes: {
      label: 'Bytes on disk',
      sql: 'sum(part_bytes)',
      format: formats.bytes,
      description: 'Compressed, as they lie on the disk.',
    },
    row_bytes: {
      label: 'Bytes a row',
      sql: 'sum(part_bytes) / nullIf(sum(part_rows), 0)',
      format: formats.rate,
      description: 'Bytes on the disk by rows.',
    },
    part_count: {
      label: 'Parts',
      sql: 'count()',
      format: formats.count,
      description: 'Pieces that are not merged yet; many make questions slow.',
    },
  },
})
