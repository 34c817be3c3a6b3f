import { connect } from 'node:net'

/** How long a server may take to greet, milliseconds. */
const greetingTimeoutMs = 1_000

/** Whether a nats-server greets on a port of loopback: the first thing that it sends is `INFO`. */
export async function answersAsNats(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (answers: boolean): void => {
      socket.destroy()
      resolve(answers)
    }
    socket.setTimeout(greetingTimeoutMs, () => end(false))
    socket.once('error', () => end(false))
    socket.once('data', (data) => end(data.toString('latin1').startsWith('INFO')))
  })
}
