/** What each subject did in the last minutes: one entry for each minute in which it did something. */
export class Recent<Entry> {
  readonly #entries = new Map<string, { seconds: number; entry: Entry }[]>()

  /** @param windowSeconds how long an entry is remembered, its own minute included. */
  constructor(private readonly windowSeconds: number) {}

  add(subject: string, seconds: number, entry: Entry): void {
    const entries = this.#entries.get(subject)
    if (entries === undefined) this.#entries.set(subject, [{ seconds, entry }])
    else entries.push({ seconds, entry })
  }

  /** What a subject did within the window that ends with this minute, the oldest first. */
  of(subject: string, seconds: number): readonly { seconds: number; entry: Entry }[] {
    const entries = this.#entries.get(subject) ?? []
    const recent = entries.filter((one) => one.seconds > seconds - this.windowSeconds)
    if (recent.length === 0) this.#entries.delete(subject)
    else if (recent.length < entries.length) this.#entries.set(subject, recent)
    return recent
  }

  /** Forgets everybody who did nothing lately. */
  sweep(seconds: number): void {
    for (const subject of this.#entries.keys()) this.of(subject, seconds)
  }
}
