import type { DeliveryEffect } from '../../src/delivery/delivery-effect.js'
import type { DeliveryEvent } from '../../src/delivery/delivery-event.js'
import { step } from '../../src/delivery/step.js'
import { asItIs } from './variants.js'
import type { Variant } from './world.js'

/** The core, which is told something else than what happened. */
function hearing(change: (event: DeliveryEvent) => DeliveryEvent): typeof step {
  return (state, event) => step(state, change(event))
}

/** The core, which does something else than what is to be done. */
function doing(change: (effect: DeliveryEffect) => DeliveryEffect): typeof step {
  return (state, event) => {
    const { effects, ...rest } = step(state, event)
    return { ...rest, effects: effects.map(change) }
  }
}

const commitsTooEarly = doing((effect) => {
  if (effect.kind !== 'write' || effect.entry.pending === null) return effect
  return { ...effect, entry: { ...effect.entry, committed: effect.entry.pending.last, pending: null } }
})

const forgetsPending = hearing((event) => {
  if (event.kind !== 'loaded' || event.entry === undefined) return event
  return { ...event, entry: { ...event.entry, pending: null } }
})

const forgetsLedger = hearing((event) => (event.kind === 'recalled' ? { ...event, last: undefined } : event))

const purgesTooMuch = doing((effect) =>
  effect.kind === 'purge' ? { ...effect, through: effect.through + 1 } : effect,
)

const takesFailureForSuccess: typeof step = (state, event) => {
  const { phase } = state
  if (event.kind !== 'insertFailed' || phase.name !== 'holding' || phase.work.kind !== 'inserting')
    return step(state, event)
  const { atMs, session } = event
  return step(state, { kind: 'inserted', range: phase.work.range, atMs, session })
}

/** Bugs that somebody might make, in the core, in the driver, or in the tables. */
export const mutants: Record<string, Variant> = {
  'a commit before the insert': { ...asItIs, step: commitsTooEarly },
  'a token without the range': { ...asItIs, tokenOf: (created) => created },
  'a token without the stream': { ...asItIs, tokenOf: (_, { first, last }) => `${first}-${last}` },
  'a view without a deduplication window': { ...asItIs, windows: { ...asItIs.windows, hours: 0 } },
  'windows of one token': { ...asItIs, windows: { raw: 1, minutes: 1, hours: 1, ledger: 1 } },
  'a missing fence': { ...asItIs, isFenced: false },
  'a pending range that is cut anew': { ...asItIs, step: forgetsPending },
  'a pending range that is read one chunk short': {
    ...asItIs,
    rereads: ({ first, last }) => ({ first, last: Math.max(first, last - 1) }),
  },
  'a lost state without the ledger': { ...asItIs, step: forgetsLedger },
  'revisions that begin again with a new bucket': { ...asItIs, firstRevision: () => 0 },
  'a purge of one chunk too many': { ...asItIs, step: purgesTooMuch },
  'a failed insert that counts as done': { ...asItIs, step: takesFailureForSuccess },
}
