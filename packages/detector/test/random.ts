/** Numbers from 0 to 1 that are the same in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

/** A series with a daily course and noise, from midnight on; times in seconds since 1970. */
export function dailySeries(
  days: number,
  stepSeconds: number,
  seed: number,
): [time: number, value: number][] {
  const random = seededRandom(seed)
  const start = Date.UTC(2026, 0, 5) / 1000
  return Array.from({ length: (days * 86_400) / stepSeconds }, (_, i) => {
    const time = start + i * stepSeconds
    const course = 200 * (1 + 0.6 * Math.sin((2 * Math.PI * time) / 86_400))
    const noise = random() + random() + random() + random() - 2
    return [time, course * (1 + 0.1 * noise)]
  })
}
