import { openDetectorState, StateConflict, type DetectorState, type NatsLink } from '@pulsehouse/platform'

/** Says that this detector judges a minute. @throws when another one has begun since. */
export type Claim = (judgedSeconds: number) => Promise<void>

/**
 * Takes over from whichever detector judged before: it finds out when it claims its next minute. So no two of them write
 * findings of the same minute.
 *
 * @param owner who we are, for people who look.
 */
export async function openClaim(nats: NatsLink, owner: string): Promise<Claim> {
  const store = await openDetectorState(nats)
  const { revision: found } = await store.load()
  let revision = await store.replace({ owner } satisfies DetectorState, found)
  return async (judgedSeconds) => {
    try {
      revision = await store.replace({ owner, judgedSeconds } satisfies DetectorState, revision)
    } catch (error) {
      if (!(error instanceof StateConflict)) throw error
      throw new Error('Another detector has taken over: stop one of the two.', { cause: error })
    }
  }
}
