/** Bins of an octave: a value is known within 3 %. */
const binsPerOctave = 16
/** Octaves that are told apart; what is smaller than all of them is in the lowest bin. */
const octaves = 20
const bins = binsPerOctave * octaves
/** So many octaves are left above the first value that is not zero. */
const headroomOctaves = 6

/** What a histogram remembers. */
export interface LogHistogramState {
  /** The lowest bin is for this octave of values; undefined until a value is not zero. */
  lowestOctave: number | undefined
  zeros: number
  counts: Counts
}

/** Two bytes a bin, until one of them has counted more than they hold. */
type Counts = Uint32Array | Uint16Array

/** The bin of zeros, below all others. */
export const zeroBin = -1

/**
 * How often values of a size were seen, in bins of equal ratio. The bins follow the largest value, because the tail is
 * what is asked for: small values share the lowest bin.
 */
export class LogHistogram {
  #counts: Counts
  #lowestOctave: number | undefined
  #zeros: number

  constructor(state?: LogHistogramState) {
    this.#counts = state?.counts ?? new Uint16Array(bins)
    this.#lowestOctave = state?.lowestOctave
    this.#zeros = state?.zeros ?? 0
  }

  get state(): LogHistogramState {
    return { lowestOctave: this.#lowestOctave, zeros: this.#zeros, counts: this.#counts }
  }

  /**
   * Counts a value.
   *
   * @param onShift told by how many bins all others have moved down, where the value is larger than they reach.
   * @returns its bin.
   */
  add(value: number, onShift: (by: number) => void): number {
    const bin = this.reach(value, onShift)
    if (bin === zeroBin) this.#zeros += 1
    else this.#set(bin, this.count(bin) + 1)
    return bin
  }

  #set(bin: number, count: number): void {
    if (count > 65_535 && this.#counts instanceof Uint16Array) this.#counts = Uint32Array.from(this.#counts)
    this.#counts[bin] = count
  }

  remove(bin: number): void {
    if (bin === zeroBin) this.#zeros -= 1
    else this.#set(bin, this.count(bin) - 1)
  }

  count(bin: number): number {
    return bin === zeroBin ? this.#zeros : (this.#counts[bin] ?? 0)
  }

  /** The bin of a value, wherever the bins are now; above them all it is the highest. */
  binOf(value: number): number {
    if (!(value > 0) || this.#lowestOctave === undefined) return zeroBin
    const octave = octaveOf(value)
    const part = Math.floor((value / 2 ** octave - 1) * binsPerOctave)
    const bin = (octave - this.#lowestOctave) * binsPerOctave + part
    return Math.min(Math.max(bin, 0), bins - 1)
  }

  /** Where a bin begins; 0 for that of zeros. */
  lowerOf(bin: number): number {
    if (bin === zeroBin || this.#lowestOctave === undefined) return 0
    const octave = this.#lowestOctave + Math.floor(bin / binsPerOctave)
    return 2 ** octave * (1 + (bin % binsPerOctave) / binsPerOctave)
  }

  /** What stands for the values of a bin. */
  middleOf(bin: number): number {
    return bin === zeroBin ? 0 : (this.lowerOf(bin) + this.lowerOf(bin + 1)) / 2
  }

  get highest(): number {
    return bins - 1
  }

  /** Moves the bins so that a value has one of its own. */
  private reach(value: number, onShift: (by: number) => void): number {
    if (!(value > 0)) return zeroBin
    const octave = octaveOf(value)
    this.#lowestOctave ??= octave - (octaves - 1 - headroomOctaves)
    const above = octave - (this.#lowestOctave + octaves - 1)
    if (above > 0) {
      this.#moveDown(above * binsPerOctave)
      this.#lowestOctave += above
      onShift(above * binsPerOctave)
    }
    return this.binOf(value)
  }

  #moveDown(by: number): void {
    let lowest = 0
    for (let bin = 0; bin <= Math.min(by, bins - 1); bin += 1) lowest += this.count(bin)
    this.#counts.copyWithin(0, Math.min(by, bins))
    this.#counts.fill(0, Math.max(bins - by, 0))
    this.#set(0, lowest)
  }
}

/** The bin that another one has become after a shift. */
export function shifted(bin: number, by: number): number {
  return bin === zeroBin ? zeroBin : Math.max(bin - by, 0)
}

function octaveOf(value: number): number {
  const guess = Math.floor(Math.log2(value))
  // The logarithm may be off by a rounding at a power of two.
  if (2 ** guess > value) return guess - 1
  return 2 ** (guess + 1) <= value ? guess + 1 : guess
}
