import type { Socket } from 'node:net'
import { ClickhouseError, exception } from './errors.js'
import { limits } from '../limits.js'

/**
 * Answers what is no HTTP request, with a text as any other error has, and closes the connection; for a server's
 * `clientError`.
 */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const { message, status, code } = exceptionOf(error)
  const text = `${message}\n`
  socket.end(
    `HTTP/1.1 ${status} ${reasons.get(status) ?? 'Bad Request'}\r\n` +
      'Connection: close\r\nContent-Type: text/plain; charset=UTF-8\r\n' +
      `X-ClickHouse-Exception-Code: ${code}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
}

const reasons: ReadonlyMap<number, string> = new Map([
  [408, 'Request Timeout'],
  [431, 'Request Header Fields Too Large'],
])

function exceptionOf(error: Error & { code?: string }): ClickhouseError {
  if (error.code === 'HPE_HEADER_OVERFLOW')
    return exception(
      290,
      'LIMIT_EXCEEDED',
      `The address and the headers of a request may have ${limits.headerBytesMax} bytes; send a long statement as the body`,
      431,
    )
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return exception(209, 'SOCKET_TIMEOUT', 'The request did not come to its end in time', 408)
  return exception(1000, 'POCO_EXCEPTION', `This is no HTTP request: ${error.message}`, 400)
}
