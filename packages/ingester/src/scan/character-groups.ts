const bitsLog2 = 9

/** Numbers in which the groups of a text are kept, 32 bits each. */
export const groupNumbers = 2 ** bitsLog2 / 32

/** Where a group of three characters stands among the bits. */
export function groupBit(text: string, at: number): number {
  const group = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8) | (text.charCodeAt(at + 2) << 16)
  return Math.imul(group, 0x9e3779b1) >>> (32 - bitsLog2)
}

/** Sets the bits of all groups of a text. A text that holds another one has all its groups, and a few more. */
export function setGroups(numbers: Int32Array, start: number, text: string): void {
  for (let at = 0; at + 2 < text.length; at += 1) {
    const bit = groupBit(text, at)
    numbers[start + (bit >>> 5)] = (numbers[start + (bit >>> 5)] ?? 0) | (1 << (bit & 31))
  }
}

/** Whether a bit is set. */
export function hasGroup(numbers: Int32Array, start: number, bit: number): boolean {
  return ((numbers[start + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) !== 0
}
