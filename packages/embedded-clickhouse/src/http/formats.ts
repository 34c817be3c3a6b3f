const contentTypes: readonly (readonly [formats: RegExp, contentType: string])[] = [
  [/^(TabSeparated|TSV|TSKV$|Raw$|RawWith|LineAsString)/, 'text/tab-separated-values; charset=UTF-8'],
  [/^CSVWithNames/, 'text/csv; charset=UTF-8; header=present'],
  [/^CSV$/, 'text/csv; charset=UTF-8; header=absent'],
  [/^(JSON(Strings)?EachRow|JSONL|JSONLines|NDJSON)$/, 'application/x-ndjson; charset=UTF-8'],
  [/^Pretty(JSONEachRow|JSONLines|NDJSON)$/, 'application/x-ndjson; charset=UTF-8'],
  // The server gives these no type of their own.
  [/^JSONCompact(Strings)?EachRow(WithNames|WithNamesAndTypes)?$/, 'text/plain; charset=UTF-8'],
  [/^JSON/, 'application/json; charset=UTF-8'],
  [/^GeoJSON$/, 'application/geo+json; charset=UTF-8'],
  [/^XML$/, 'application/xml; charset=UTF-8'],
  [/^PNG$/, 'image/png'],
  [/^Prometheus$/, 'text/plain; version=0.0.4; charset=UTF-8'],
  [
    /^(Native|RowBinary|Parquet|Arrow|ORC|Avro|MsgPack|BSON|Protobuf|Npy|MySQLWire|PostgreSQLWire|ODBCDriver2|Buffers|CapnProto)/,
    'application/octet-stream',
  ],
]

/** The Content-Type that the server gives a reply in a format (`Native`, `JSONEachRow` …). */
export function contentTypeOf(format: string): string {
  return contentTypes.find(([formats]) => formats.test(format))?.[1] ?? 'text/plain; charset=UTF-8'
}

/** Whether a text can be the name of a format, and so stand in a header: others are left to the engine to refuse. */
export function isFormatName(text: string): boolean {
  return /^\w{1,64}$/.test(text)
}
