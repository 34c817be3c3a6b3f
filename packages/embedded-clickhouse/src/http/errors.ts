/** An exception as ClickHouse's clients expect it: a code, a text that carries the code and the name, an HTTP status. */
export class ClickhouseError extends Error {
  /** The number of the exception, as in `system.errors`. */
  readonly code: number
  /** The HTTP status that goes with it. */
  readonly status: number

  /** @param text the whole sentence: `Code: 60. DB::Exception: … (UNKNOWN_TABLE)` */
  constructor(text: string, status?: number) {
    super(text)
    this.code = Number(/Code: (\d+)\./.exec(text)?.[1] ?? unknownException)
    this.status = status ?? httpStatusOf(this.code)
  }
}

/** Makes an exception of the server's own, in the engine's wording. */
export function exception(code: number, name: string, sentence: string, status?: number): ClickhouseError {
  return new ClickhouseError(`Code: ${code}. DB::Exception: ${sentence} (${name})`, status)
}

/**
 * Makes an exception from what the engine threw. The engine wraps some exceptions once or twice and names the spool
 * file of an INSERT, which a client did not send and can't see; both are taken out.
 */
export function engineException(message: string): ClickhouseError {
  const clean = unwrapped(message)
    .replace(/: \(in file\/uri [^)]*\)/g, '')
    .replace(': data for INSERT was parsed from file', '')
  if (/^Code: \d+\./.test(clean)) return new ClickhouseError(clean)
  return exception(unknownException, 'UNKNOWN_EXCEPTION', clean)
}

function unwrapped(text: string): string {
  const wrapper = /^Code: \d+\. DB::Exception: (Code: \d+\.[\s\S]*) \(version [\d.]+\)\. \([A-Z0-9_]+\)$/
  const inner = wrapper.exec(text)?.[1]
  return inner === undefined ? text : unwrapped(inner)
}

/** Whatever was thrown, as an exception that can be sent. */
export function asException(error: unknown): ClickhouseError {
  if (error instanceof ClickhouseError) return error
  return engineException(error instanceof Error ? error.message : String(error))
}

const unknownException = 1002

/** The codes that are not 500, by status, as the server's exceptionCodeToHTTPStatus has them. */
const statuses: readonly (readonly [status: number, codes: readonly number[]])[] = [
  [
    400,
    [
      6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675,
      676,
    ],
  ],
  [401, [194]],
  [403, [192, 193, 497, 512, 516]],
  [404, [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511]],
  [408, [159]],
  [411, [381]],
  [413, [229]],
  [415, [779]],
  [501, [48]],
  [503, [76, 209, 439]],
]

function httpStatusOf(code: number): number {
  for (const [status, codes] of statuses) if (codes.includes(code)) return status
  return 500
}
