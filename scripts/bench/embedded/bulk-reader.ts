import { connect } from 'node:net'

/**
 * Asks for a result and throws it away, by a bare socket that reads into one buffer: what is measured is the server, and
 * a client that makes an object of every 64 KiB takes as much of the machine as the server does.
 *
 * @returns the bytes of the reply, its headers and the framing of its chunks included: less than 0.1 % of a large one.
 * @throws when the reply is not a 200, or ends with an exception.
 */
export async function readInBulk(url: string, sql: string, format: string): Promise<number> {
  const { hostname, port } = new URL(url)
  const buffer = Buffer.alloc(bufferBytes)
  let bytes = 0
  let start = ''
  let end = ''
  await new Promise<void>((resolve, reject) => {
    const take = (length: number): boolean => {
      if (bytes === 0) start = buffer.toString('latin1', 0, Math.min(length, 500))
      end = (end + buffer.toString('latin1', Math.max(0, length - 500), length)).slice(-500)
      bytes += length
      return true
    }
    const socket = connect({
      host: hostname,
      port: Number(port),
      onread: { buffer, callback: take },
    })
    socket.on('error', reject)
    socket.on('end', resolve)
    socket.write(
      `POST /?default_format=${format} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(sql)}\r\n\r\n${sql}`,
    )
  })
  if (!start.startsWith('HTTP/1.1 200') || end.includes('__exception__'))
    throw new Error(`The server answered: ${start}`)
  return bytes
}

const bufferBytes = 1024 * 1024
