const contentTypes: readonly (readonly [formats: RegExp, contentType: string])[] = [
  [
    /^(JSON|JSONStrings|JSONCompact|JSONCompactStrings|JSONColumns|JSONCompactColumns|JSONColumnsWithMetadata|JSONObjectEachRow)$/,
    'application/json; charset=UTF-8',
  ],
  [/^(JSON.*EachRow|JSONLines|NDJSON)/, 'application/x-ndjson; charset=UTF-8'],
  [/^(TabSeparated|TSV|Raw$)/, 'text/tab-separated-values; charset=UTF-8'],
  [/^CSVWithNames/, 'text/csv; charset=UTF-8; header=present'],
  [/^CSV/, 'text/csv; charset=UTF-8; header=absent'],
  [/^XML$/, 'application/xml; charset=UTF-8'],
  [/^Prometheus$/, 'text/plain; version=0.0.4; charset=UTF-8'],
  [
    /^(Native|RowBinary|Parquet|Arrow|ORC|Avro|MsgPack|BSON|Protobuf|CapnProto|Npy|RawBLOB|MySQLWire)/,
    'application/octet-stream',
  ],
]

/** The Content-Type that the server gives a reply in a format (`Native`, `JSONEachRow` …). */
export function contentTypeOf(format: string): string {
  return contentTypes.find(([formats]) => formats.test(format))?.[1] ?? 'text/plain; charset=UTF-8'
}
