import type { FindingKind } from '@pulsehouse/platform'
import { kindsThatShow } from './families.js'
import type { Planted } from './planted.js'

/** What a detector told people: something of these kinds, from when to when. Times are in seconds since 1970. */
export interface Claim {
  kinds: readonly FindingKind[]
  startedSeconds: number
  endedSeconds: number
  /** When people could know of it. */
  toldSeconds: number
  /** For people. */
  title: string
}

/** How the claims about one scenario compare with what was planted. */
export interface Match {
  /** Each incident that was planted, with the seconds from its start until it was told; undefined when it never was. */
  incidents: readonly { planted: Planted; delayS: number | undefined }[]
  /** Claims about an incident that had been told already: neither right nor wrong. */
  repeated: readonly Claim[]
  /** Claims that match no incident; where one lies on a look-alike, with it. */
  wrong: readonly { claim: Claim; lookalike: Planted | undefined }[]
  lookalikes: readonly Planted[]
}

/** What follows from an incident may show a little after it. */
const afterglowS = 600

/**
 * Compares what was told with what was planted. A claim matches an incident when their times overlap, its end prolonged by ten
 * minutes, and a kind of the claim is of the incident's family. A claim that was told before the incident began is about
 * something else, however long it goes on.
 */
export function match(planted: readonly Planted[], claims: readonly Claim[]): Match {
  const lookalikes = planted.filter(({ harmless }) => harmless)
  const delays = new Map<Planted, number>()
  const repeated: Claim[] = []
  const wrong: { claim: Claim; lookalike: Planted | undefined }[] = []
  for (const claim of claims.toSorted((a, b) => a.toldSeconds - b.toldSeconds)) {
    const shown = planted.filter((one) => !one.harmless && shows(claim, one))
    const fresh = shown.find((one) => !delays.has(one))
    if (fresh !== undefined) delays.set(fresh, claim.toldSeconds - fresh.startedSeconds)
    else if (shown.length > 0) repeated.push(claim)
    else wrong.push({ claim, lookalike: lookalikes.find((one) => overlap(claim, one)) })
  }
  const incidents = planted
    .filter(({ harmless }) => !harmless)
    .map((one) => ({ planted: one, delayS: delays.get(one) }))
  return { incidents, repeated, wrong, lookalikes }
}

function shows(claim: Claim, planted: Planted): boolean {
  const kinds = kindsThatShow(planted.kind)
  return (
    overlap(claim, planted) &&
    claim.toldSeconds > planted.startedSeconds &&
    claim.kinds.some((kind) => kinds.includes(kind))
  )
}

function overlap(claim: Claim, planted: Planted): boolean {
  return (
    claim.startedSeconds < planted.endedSeconds + afterglowS && claim.endedSeconds > planted.startedSeconds
  )
}
