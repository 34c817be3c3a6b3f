/** A request for a stream that never ends by itself, as far as every such stream looks at it. */
export interface PacedRequest {
  /** Whether the reader may still read; one that may not any more is ended. */
  isAllowed: () => boolean
  /** Closes the connection of a reader that takes nothing any more. */
  cutOff: () => void
}

/** One reader of such a stream. */
export interface PacedReader {
  request: PacedRequest
  end: AbortController
  /** Since when what was given is not taken, milliseconds; undefined while the reader waits for more. */
  untakenSinceMs: number | undefined
}

/** There is no room for another reader. */
export class StreamFull extends Error {}

/** Ends a reader that may not read any more, and cuts off one that took nothing for so long, milliseconds. */
export function lookAfter({ request, end, untakenSinceMs }: PacedReader, cutOffMs: number): void {
  if (!request.isAllowed()) end.abort()
  if (untakenSinceMs !== undefined && performance.now() - untakenSinceMs > cutOffMs) {
    end.abort()
    request.cutOff()
  }
}

/**
 * A stream at its reader's pace. Pieces are made when they are asked for: what waits for a slow connection is one piece.
 *
 * @param leave is called once the stream has ended, failed or been given up.
 */
export function pacedStream(
  reader: PacedReader,
  pieces: AsyncGenerator<Buffer>,
  leave: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        reader.untakenSinceMs = undefined
        const { done, value } = await pieces.next().catch((error: unknown) => {
          leave()
          throw error
        })
        if (done === true) {
          leave()
          controller.close()
          return
        }
        reader.untakenSinceMs = performance.now()
        controller.enqueue(value)
      },
      cancel: async () => {
        leave()
        await pieces.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}
