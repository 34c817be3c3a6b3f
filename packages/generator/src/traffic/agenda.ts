/** What is due when: a binary heap of items by their time. Times are any numbers of one unit. */
export class Agenda<T> {
  readonly #times: number[] = []
  readonly #items: T[] = []

  /** How many items there are. */
  get size(): number {
    return this.#items.length
  }

  /** When the first item is due; infinity when there is none. */
  get nextAt(): number {
    return this.#times[0] ?? Infinity
  }

  /** The item that is due first. */
  get first(): T | undefined {
    return this.#items[0]
  }

  /** Puts an item on the agenda. */
  add(time: number, item: T): void {
    let slot = this.#items.length
    while (slot > 0) {
      const parent = (slot - 1) >> 1
      if ((this.#times[parent] as number) <= time) break
      this.#move(parent, slot)
      slot = parent
    }
    this.#put(slot, time, item)
  }

  /** Gives the first item another, later time. */
  postponeFirst(time: number): void {
    const item = this.#items[0]
    if (item !== undefined) this.#sink(time, item)
  }

  /** Takes the first item off the agenda. */
  removeFirst(): void {
    const time = this.#times.pop()
    const item = this.#items.pop()
    if (time !== undefined && item !== undefined && this.#items.length > 0) this.#sink(time, item)
  }

  /** Puts the item in the place of the first and lets it sink to where it belongs. */
  #sink(time: number, item: T): void {
    const times = this.#times
    const size = times.length
    let slot = 0
    for (let child = 1; child < size; child = 2 * slot + 1) {
      if (child + 1 < size && (times[child + 1] as number) < (times[child] as number)) child += 1
      if ((times[child] as number) >= time) break
      this.#move(child, slot)
      slot = child
    }
    this.#put(slot, time, item)
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#times[from] as number, this.#items[from] as T)
  }

  #put(slot: number, time: number, item: T): void {
    this.#times[slot] = time
    this.#items[slot] = item
  }
}
