interface Entry {
  atMs: number
  order: number
  run: () => void
}

/** The simulated time: what is to happen when, run in that order. */
export class Timeline {
  nowMs = 0
  #order = 0
  /** A binary heap, the earliest entry first. */
  readonly #heap: Entry[] = []

  /** Has something happen after so many milliseconds. */
  after(ms: number, run: () => void): void {
    const entry = { atMs: this.nowMs + ms, order: (this.#order += 1), run }
    const heap = this.#heap
    let at = heap.length
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || isBefore(parent, entry)) break
      heap[at] = parent
      at = above
    }
    heap[at] = entry
  }

  /** Lets the next thing happen; false where nothing is left. */
  advance(): boolean {
    const [first] = this.#heap
    const last = this.#heap.pop()
    if (first === undefined || last === undefined) return false
    if (this.#heap.length > 0) this.#sink(last)
    this.nowMs = first.atMs
    first.run()
    return true
  }

  #sink(entry: Entry): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      const left = heap[at * 2 + 1]
      const right = heap[at * 2 + 2]
      if (left === undefined) break
      const side = right !== undefined && isBefore(right, left) ? 2 : 1
      const child = side === 2 && right !== undefined ? right : left
      if (isBefore(entry, child)) break
      heap[at] = child
      at = at * 2 + side
    }
    heap[at] = entry
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.atMs === other.atMs ? one.order < other.order : one.atMs < other.atMs
}
