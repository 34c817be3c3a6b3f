import { setTimeout as delay } from 'node:timers/promises'

const pollEveryMs = 50

/**
 * Asks until the answer is there.
 *
 * @param probe returns undefined as long as there is nothing to return; what it throws counts as nothing yet.
 * @throws after the deadline, with what the last attempt said.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  let last: unknown
  for (;;) {
    try {
      const answer = await probe()
      if (answer !== undefined) return answer
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`, { cause: last })
    await delay(pollEveryMs)
  }
}
