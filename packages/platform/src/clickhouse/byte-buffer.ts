/** From here on a part of another buffer is copied by the system's own copying; shorter ones by a loop, which has no start-up. */
const longBytesMin = 96

/** Grows by doubling and keeps its memory between blocks; ClickHouse's numbers are little-endian. */
export class ByteBuffer {
  #bytes: Buffer
  #view: DataView
  length = 0

  constructor(capacityBytes = 4096) {
    this.#bytes = Buffer.allocUnsafeSlow(capacityBytes)
    this.#view = new DataView(this.#bytes.buffer)
  }

  #reserve(bytes: number): void {
    if (this.length + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.length + bytes))
    larger.set(this.view())
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }

  uint8(value: number): void {
    this.#reserve(1)
    this.#view.setUint8(this.length, value)
    this.length += 1
  }

  uint16(value: number): void {
    this.#reserve(2)
    this.#view.setUint16(this.length, value, true)
    this.length += 2
  }

  uint32(value: number): void {
    this.#reserve(4)
    this.#view.setUint32(this.length, value, true)
    this.length += 4
  }

  float32(value: number): void {
    this.#reserve(4)
    this.#view.setFloat32(this.length, value, true)
    this.length += 4
  }

  /** A whole number that JavaScript holds exactly, as Int64 or UInt64. */
  int64(value: number): void {
    this.#reserve(8)
    const high = Math.floor(value / 0x1_0000_0000)
    this.#view.setUint32(this.length, value - high * 0x1_0000_0000, true)
    this.#view.setInt32(this.length + 4, high, true)
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

  /** A part of another buffer. */
  bytes(source: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start)
    if (end - start >= longBytesMin) {
      this.#bytes.set(source.subarray(start, end), this.length)
      this.length += end - start
      return
    }
    let at = this.length
    for (let index = start; index < end; index += 1) this.#bytes[at++] = source[index] ?? 0
    this.length = at
  }

  /** What has been written; it is valid until the next write. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.length)
  }

  clear(): void {
    this.length = 0
  }
}
