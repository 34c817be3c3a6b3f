/** Every limit of the server in one place; none of them can be set by a client. */
export const limits = {
  /** Queries that run at the same time. */
  runningMax: 12,
  /** Requests that wait for a free place; one more is answered with code 202. */
  waitingMax: 256,
  /** Sessions (`session_id`) kept at once; the one that was idle for longest goes first. */
  sessionsMax: 512,
  /** A session may ask to be kept for so long, in seconds; the server's own maximum too. */
  sessionTimeoutMaxS: 3_600,
  /** The text of a query unless it brings another `max_query_size`, in bytes: a server's default. */
  queryBytesMax: 256 * 1024,
  /** The text of a statement without the data of an INSERT, in bytes. */
  statementBytesMax: 16 * 1024 * 1024,
  /** How far into a body the FORMAT or VALUES of an INSERT is looked for, in bytes. */
  insertHeadBytesMax: 256 * 1024,
  /** The data of one INSERT after decompression, in bytes: it is spooled into memory. */
  insertBytesMax: 1024 * 1024 * 1024,
  /** An INSERT of this size, in bytes, may be read by the engine while it is being received: a shorter one gains nothing. */
  arrivingBytes: { min: 256 * 1024, max: 64 * 1024 * 1024 },
  /** It is handed over in blocks of this size, in bytes. */
  arrivingBlockBytes: 1024 * 1024,
  /** It must be there after so long, in milliseconds, because it holds a place; else it is received first, as others are. */
  arrivalMs: 2_000,
  /** A result up to this size is complete before its first byte goes out, in bytes; if it is quick enough, in ms. */
  held: { bytes: 64 * 1024, ms: 100 },
  /** The same with `wait_end_of_query=1`; a larger result streams all the same, so that memory stays bounded. */
  heldWaiting: { bytes: 16 * 1024 * 1024, ms: Infinity },
  /** Connections that wait for the next query, of each kind, and how many queries one runs in its life. */
  connectionsKept: 4,
  connectionUsesMax: 1_000,
  /** What the parser said of so many texts is remembered, if they are no longer than this, in bytes. */
  rememberedTexts: 1_000,
  rememberedTextBytes: 4 * 1024,
  /** A result that is expected to be short is fetched at once up to this size, in bytes. */
  shortResultBytes: 4 * 1024 * 1024,
  /** A body up to this size is read in one go, in bytes. */
  shortBodyBytes: 16 * 1024,
  /** How much of a request is read before it is asked for, in bytes. */
  bufferedBytes: 1024 * 1024,
  /** How much of a reply is on its way to the client before it is waited for, in bytes. */
  sentAheadBytes: 1024 * 1024,
  /** The query log is written this long after the first query that is missing in it, in milliseconds. */
  queryLogFlushMs: 1_000,
  /** Rows of the query log that wait to be written; more are left out. */
  loggedRowsWaiting: 20_000,
  /** How much of a statement and of an error's text the query log keeps, in characters. */
  loggedTextCharacters: 16_384,
  /** The query log keeps so much unless an option says otherwise, in bytes of JSON: many times its size on the disk. */
  queryLogBytes: 256 * 1024 * 1024,
  /** It is thrown away in parts: the oldest of so many. */
  queryLogSegments: 8,
  /** The share of the machine's memory that the engine may take. */
  memoryShare: 0.5,
  /** What the user who only reads is held to unless the options say otherwise. */
  viewer: {
    maxExecutionTimeS: 60,
    maxMemoryUsageBytes: 4 * 1024 * 1024 * 1024,
    maxResultRows: 10_000_000,
  },
  /**
   * Threads of Node's pool: one for every running query and some for files and compression. Not many more, because each
   * call wakes the thread that has slept for longest: with 48 a SELECT 1 took 3.5 ms, with 16 it took 2.3 (measured).
   */
  threadPoolSize: 16,
  /** A client may take this long to send a request, in milliseconds. */
  requestTimeoutMs: 600_000,
  /** An idle connection is kept for so long, in milliseconds. */
  keepAliveMs: 30_000,
  /** What runs at a shutdown is given this long to end, in milliseconds; then the process kills itself. */
  drainMs: 4_000,
  /** What a zstd body may refer back to, in bytes: held in memory for every such body. */
  zstdWindowBytesMax: 8 * 1024 * 1024,
  /** Bodies in zstd that are decompressed at the same time; others wait. */
  zstdBodiesMax: 32,
  /** The address and the headers of a request together, in bytes. */
  headerBytesMax: 1024 * 1024,
  /** Characters of a query id that a client gives. */
  queryIdCharacters: 256,
  /** Parts of a multipart form. */
  formPartsMax: 1_000,
  /** All fields of a form together, in bytes; files count as the data of an INSERT does. */
  formFieldsBytesMax: 16 * 1024 * 1024,
  /** Headers of one part of a form, and their bytes. */
  formHeadersMax: 16,
  formHeaderBytesMax: 16 * 1024,
  /** How long and how much of a refused request is read on and thrown away, so that the client gets to read why. */
  discardMs: 2_000,
  discardBytes: 16 * 1024 * 1024,
} as const
