import { step } from '../../src/delivery/step.js'
import type { Variant } from './world.js'

/** More tokens than there are batches while a request can be late. */
const window = 24

/** The world and the ingester as they are. */
export const asItIs: Variant = {
  step,
  windows: { raw: window, minutes: window, hours: window, ledger: window },
  tokenOf: (created, { first, last }) => `${created}:${first}-${last}`,
  isFenced: true,
  rereads: (range) => range,
  firstRevision: (random) => random.between(1, 1_000_000) * 1_000,
  looksAtLease: true,
}
