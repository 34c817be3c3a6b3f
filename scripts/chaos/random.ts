/** Draws that a seed repeats. */
export interface Random {
  /** A number from 0 up to 1, without 1. */
  share(): number
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number
  /** One of these. */
  pick<T>(choices: readonly T[]): T
}

/** Opens a stream of draws (mulberry32): small, and the same on every machine. */
export function openRandom(seed: number): Random {
  let state = seed >>> 0
  const share = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const integer = (min: number, max: number): number => min + Math.floor(share() * (max - min + 1))
  return {
    share,
    integer,
    pick: (choices) => {
      const choice = choices[integer(0, choices.length - 1)]
      if (choice === undefined) throw new Error('There is nothing to pick from.')
      return choice
    },
  }
}
