import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ClickhouseError, exception } from './errors.js'
import { limits } from '../limits.js'

/**
 * Answers what is no HTTP request, with a text as any other error has, and closes the connection; for a server's
 * `clientError`.
 */
export function answerClientError(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  finish(socket, exceptionOf(error))
}

/** Answers CONNECT, for a server's `connect`: left alone, the connection would close without a word. */
export function refuseConnect(socket: Duplex): void {
  finish(socket, exception(48, 'NOT_IMPLEMENTED', 'CONNECT is not served here: this is no proxy', 405))
}

function finish(socket: Duplex, { message, status, code }: ClickhouseError): void {
  const text = `${message}\n`
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n` +
      'Connection: close\r\nContent-Type: text/plain; charset=UTF-8\r\n' +
      `X-ClickHouse-Exception-Code: ${code}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
}

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
