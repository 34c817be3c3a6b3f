import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { DirectAnswer, DirectJob, Timing } from './direct-engine-process.js'

/** The engine without a server in front of it, in a process of its own. */
export interface DirectEngine {
  /** One at a time. @throws what the engine says. */
  run(job: DirectJob): Promise<Timing>
  close(): Promise<void>
}

/** Opens an engine over a folder of its own. */
export function openDirectEngine(dataDir: string): DirectEngine {
  const child = fork(join(import.meta.dirname, 'direct-engine-process.js'), [dataDir], {
    env: { ...process.env, TZ: 'UTC' },
  })
  const gone = once(child, 'exit')
  return {
    run: async (job) => {
      const answered = once(child, 'message')
      child.send(job)
      const [answer] = (await Promise.race([answered, gone.then(died)])) as [DirectAnswer]
      if ('failure' in answer)
        throw new Error(`The engine refused "${job.sqls[0]?.slice(0, 80)}": ${answer.failure}`)
      return answer
    },
    close: async () => {
      child.kill('SIGKILL')
      await gone
    },
  }
}

function died(): never {
  throw new Error('The process with the engine ended in the middle of the benchmark.')
}
