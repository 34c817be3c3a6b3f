/** A deviation is so many scales at the most. */
const scalesMax = 1_000

/** How many scales a deviation is; where nothing has ever deviated, any is a lot. Undefined without a scale. */
export function inScale(deviation: number, scale: number | undefined): number | undefined {
  if (scale === undefined) return undefined
  return deviation === 0 ? 0 : deviation / Math.max(scale, deviation / scalesMax)
}
