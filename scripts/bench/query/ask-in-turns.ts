import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { AskTimes, Asking } from './asking-process.js'

/**
 * Asks questions in turns, in a process of its own. In turns, because what else the machine does at a moment (every minute the
 * detector judges the last one) is in every question's times then, and not in those of one.
 *
 * @throws when an answer is no 200.
 */
export async function askInTurns(asking: Asking): Promise<AskTimes[]> {
  const child = fork(join(import.meta.dirname, 'asking-process.js'))
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The questions could not be asked: their process ended with ${String(code)}.`)
  })
  const answered = once(child, 'message')
  child.send(asking)
  const [times] = (await Promise.race([answered, ended])) as [AskTimes[]]
  ended.catch(() => undefined)
  return times
}
