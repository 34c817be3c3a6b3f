/**
 * Memory for the pieces of results on their way to the client, used again and again: an allocation for each piece
 * kept the garbage collector busier than anything else.
 */
export class Scratch {
  /** Free blocks by their size, which is a power of two. */
  readonly #free = new Map<number, Buffer[]>()
  #freeBytes = 0

  /** A buffer of this length; it goes back with `giveBack` when nobody reads it any more. */
  take(length: number): Buffer {
    if (length < smallestBytes) return Buffer.allocUnsafe(length)
    const blockBytes = 2 ** Math.ceil(Math.log2(length))
    const block = this.#free.get(blockBytes)?.pop()
    if (block !== undefined) this.#freeBytes -= blockBytes
    return (block ?? Buffer.allocUnsafeSlow(blockBytes)).subarray(0, length)
  }

  /** Takes a buffer back; one that was not made here, or is too much, is let go. */
  giveBack({ buffer }: Uint8Array): void {
    const blockBytes = buffer.byteLength
    if (blockBytes < smallestBytes || !Number.isInteger(Math.log2(blockBytes))) return
    if (this.#freeBytes + blockBytes > freeBytesMax) return
    const blocks = this.#free.get(blockBytes) ?? []
    this.#free.set(blockBytes, blocks)
    blocks.push(Buffer.from(buffer))
    this.#freeBytes += blockBytes
  }
}

/** Below this, Node's own pool is as good, and its blocks are smaller. */
const smallestBytes = 64 * 1024
/** So much is kept when nobody needs it. */
const freeBytesMax = 64 * 1024 * 1024
