/** Grows by doubling and keeps its memory between blocks; ClickHouse's numbers are little-endian. */
export class ByteBuffer {
  #bytes: Buffer
  length = 0

  constructor(capacityBytes = 4096) {
    this.#bytes = Buffer.allocUnsafe(capacityBytes)
  }

  #reserve(bytes: number): void {
    if (this.length + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.length + bytes))
    this.#bytes.copy(larger, 0, 0, this.length)
    this.#bytes = larger
  }

  uint8(value: number): void {
    this.#reserve(1)
    this.#bytes[this.length] = value
    this.length += 1
  }

  uint16(value: number): void {
    this.#reserve(2)
    this.length = this.#bytes.writeUInt16LE(value, this.length)
  }

  uint32(value: number): void {
    this.#reserve(4)
    this.length = this.#bytes.writeUInt32LE(value, this.length)
  }

  float32(value: number): void {
    this.#reserve(4)
    this.length = this.#bytes.writeFloatLE(value, this.length)
  }

  /** A whole number that JavaScript holds exactly, as Int64 or UInt64. */
  int64(value: number): void {
    this.#reserve(8)
    const high = Math.floor(value / 0x1_0000_0000)
    this.#bytes.writeUInt32LE(value - high * 0x1_0000_0000, this.length)
    this.#bytes.writeInt32LE(high, this.length + 4)
    this.length += 8
  }

  /** LEB128, as ClickHouse writes lengths. */
  varint(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.uint8((rest & 0x7f) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.uint8(rest)
  }

  /** A string: its length in bytes, then its bytes. */
  string(value: string): void {
    const bytes = Buffer.byteLength(value)
    this.varint(bytes)
    this.#reserve(bytes)
    this.length += this.#bytes.write(value, this.length, 'utf8')
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length)
    this.#bytes.set(value, this.length)
    this.length += value.length
  }

  /** What has been written; it is valid until the next write. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.length)
  }

  clear(): void {
    this.length = 0
  }
}
