import { holdsOwn, ownValue } from '@pulsehouse/events'

const bitsLog2 = 10

/** Where a group of three characters stands among the bits. */
function bitOf(text: string, at: number): number {
  const group = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8) | (text.charCodeAt(at + 2) << 16)
  return Math.imul(group, 0x9e3779b1) >>> (32 - bitsLog2)
}

/**
 * A text in which the event's own user, address or token may stand a second time. Most texts hold none of them, which
 * is seen without reading the text again: by the set of its groups of three characters, which has them all and a few more.
 */
export class SearchedText {
  readonly #lowerCase: string
  readonly #groups = new Uint32Array(2 ** bitsLog2 / 32)
  readonly #hasPercent: boolean

  constructor(text: string) {
    this.#lowerCase = text.toLowerCase()
    this.#hasPercent = text.includes('%')
    for (let at = 0; at + 2 < this.#lowerCase.length; at += 1) {
      const bit = bitOf(this.#lowerCase, at)
      this.#groups[bit >>> 5] = (this.#groups[bit >>> 5] ?? 0) | (1 << (bit & 31))
    }
  }

  holds(sought: SoughtValue): boolean {
    const mayBeEncoded = this.#hasPercent && !sought.isPlain
    const { firstBit, middleBit, lastBit } = sought
    if (!mayBeEncoded && !(this.#has(lastBit) && this.#has(firstBit) && this.#has(middleBit))) return false
    return sought.isIn(this.#lowerCase)
  }

  #has(bit: number): boolean {
    return ((this.#groups[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0
  }
}

/** A value of the event that must not stand anywhere else; it has three characters at least. */
export class SoughtValue {
  /** Whether it is written alike in an address, without percent signs. */
  readonly isPlain: boolean
  /** Some of its groups of three characters: a text that holds it has them. */
  readonly firstBit: number
  readonly middleBit: number
  readonly lastBit: number
  /** Its first three characters in one number. */
  readonly head: number
  readonly #text: string

  private constructor(text: string, isPlain: boolean) {
    this.#text = text
    this.isPlain = isPlain
    this.firstBit = bitOf(text, 0)
    this.middleBit = bitOf(text, (text.length - 3) >> 1)
    this.lastBit = bitOf(text, text.length - 3)
    this.head = (text.charCodeAt(0) << 16) | (text.charCodeAt(1) << 8) | text.charCodeAt(2)
  }

  /** The value to look for; undefined if it is too common for that. */
  static of(value: string, replacement: string): SoughtValue | undefined {
    const spellings = ownValue(value, replacement)?.spellings
    return spellings?.[0] === undefined ? undefined : new SoughtValue(spellings[0], spellings.length === 1)
  }

  isIn(lowerCaseText: string): boolean {
    const own = ownValue(this.#text, '')
    return own !== undefined && holdsOwn(lowerCaseText, [own])
  }
}

/** Whether an identifier may hold one of the values: whether it has the first three characters of one. */
export function mayHoldOwn(
  bytes: Uint8Array,
  start: number,
  end: number,
  sought: readonly SoughtValue[],
  count: number,
): boolean {
  const first = sought[0]?.head ?? -1
  const second = count > 1 ? (sought[1]?.head ?? -1) : first
  const third = count > 2 ? (sought[2]?.head ?? -1) : first
  let head = 0
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0
    head = ((head << 8) | (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte)) & 0xffffff
    if (head === first || head === second || head === third) return true
  }
  return false
}
