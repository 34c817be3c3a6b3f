const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)
const half = 0x8000

/** The nearest number of which the upper half of its 32 bits is all: within 0.2 %, in two bytes. */
export function toBfloat16(value: number): number {
  float[0] = value
  return Number.isNaN(value) ? 0x7fc0 : Math.min(((bits[0] ?? 0) + half) / 0x10000, 0xffff) & 0xffff
}

/** The number that these two bytes are. */
export function fromBfloat16(upper: number): number {
  bits[0] = upper << 16
  return float[0] ?? Number.NaN
}
