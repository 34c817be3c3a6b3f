import { z } from '@hono/zod-openapi'
import type { StreamFormat } from '@pulsehouse/platform'

/** A format that a list can leave in, as a file. */
export interface ExportFormat {
  /** How it is asked for. */
  mediaType: string
  contentType: string
  /** Ending of the file's name. */
  extension: string
  /** ClickHouse writes it. */
  format: StreamFormat
  /** How it takes what is an object in JSON. */
  nested: 'as_is' | 'as_json'
}

/** Formats of exports. */
export const exportFormats: readonly ExportFormat[] = [
  {
    mediaType: 'application/x-ndjson',
    contentType: 'application/x-ndjson',
    extension: 'ndjson',
    format: 'JSONEachRow',
    nested: 'as_is',
  },
  {
    mediaType: 'text/csv',
    contentType: 'text/csv; charset=utf-8; header=present',
    extension: 'csv',
    format: 'CSVWithNames',
    nested: 'as_json',
  },
  {
    mediaType: 'application/vnd.apache.parquet',
    contentType: 'application/vnd.apache.parquet',
    extension: 'parquet',
    format: 'Parquet',
    nested: 'as_is',
  },
]

/** What the OpenAPI document says of a list that can be exported, beside its JSON. */
export const exportContent = Object.fromEntries(
  exportFormats.map(({ mediaType }) => [
    mediaType,
    { schema: z.string().openapi({ format: 'binary', description: 'All rows, as a file.' }) },
  ]),
)
