import { setTimeout as delay } from 'node:timers/promises'

const waitMaxMs = 30_000
const askEveryMs = 100

/** Asks until there is an answer. @throws after half a minute, with what the last attempt said. */
export async function waitFor<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + waitMaxMs
  for (;;) {
    try {
      const answer = await probe()
      if (answer !== undefined) return answer
    } catch (cause) {
      if (Date.now() > deadline) throw new Error(`${what}: not within ${waitMaxMs} ms`, { cause })
    }
    if (Date.now() > deadline) throw new Error(`${what}: not within ${waitMaxMs} ms`)
    await delay(askEveryMs)
  }
}
