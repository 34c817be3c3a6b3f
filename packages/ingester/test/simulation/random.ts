/** Numbers that follow from a seed alone. */
export interface Random {
  /** True with this probability. */
  chance(probability: number): boolean
  /** A whole number, both ends included. */
  between(min: number, max: number): number
}

/** Opens the numbers of a seed: xorshift, which is quick, behind a hash, so that neighbouring seeds differ. */
export function openRandom(seed: number): Random {
  let state = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b) ^ 0x9e3779b9
  state = Math.imul(state ^ (state >>> 16), 0x45d9f3b) || 1
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 0x1_0000_0000
  }
  return {
    chance: (probability) => probability > 0 && next() < probability,
    between: (min, max) => min + Math.floor(next() * (max - min + 1)),
  }
}
