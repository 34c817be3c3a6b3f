/**
 * Memory for the pieces of results on their way to the client, used again and again: an allocation for each piece
 * kept the garbage collector busier than anything else.
 */
export class Scratch {
  readonly #free: Buffer[] = []

  /** A buffer of this length; it goes back with `giveBack` when nobody reads it any more. */
  take(length: number): Buffer {
    if (length < smallBytes) return Buffer.allocUnsafe(length)
    if (length > blockBytes) return Buffer.allocUnsafeSlow(length)
    return (this.#free.pop() ?? Buffer.allocUnsafeSlow(blockBytes)).subarray(0, length)
  }

  /** A buffer that was not made here is let go. */
  giveBack(buffer: Uint8Array): void {
    if (buffer.buffer.byteLength !== blockBytes || this.#free.length >= blocksKept) return
    this.#free.push(Buffer.from(buffer.buffer))
  }
}

/** Below this, Node's own pool is as good. */
const smallBytes = 4 * 1024
/** The engine's pieces have 65,409 rows at the most, which seldom are larger. */
const blockBytes = 2 * 1024 * 1024
const blocksKept = 16
