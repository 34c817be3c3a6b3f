import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * The ports to choose from: above the well-known ones, below those that systems lend to outgoing connections (Linux
 * from 32768, others from 49152). A server that is stopped and started on one of those could find it lent meanwhile.
 */
const lowest = 10_240
const highest = 32_767
const mostTries = 50

/** A port of loopback that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < mostTries; tries++) {
    const port = randomInt(lowest, highest + 1)
    if (await isFree(port)) return port
  }
  throw new Error(`No free port was found between ${lowest} and ${highest}: stop what listens there.`)
}

/** Whether a port of loopback can be listened on now. */
export async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
