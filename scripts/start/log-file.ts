import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { dirname } from 'node:path'

/** A log file that is renamed to `….1` when it reaches this size, in bytes; the one before is overwritten. */
const sizeMaxBytes = 16 * 1024 * 1024

/** Where a part's output goes. */
export class LogFile {
  readonly path: string
  #stream: WriteStream
  #bytes: number
  /** The newest lines, for the sentence that is printed when the part dies. */
  #tail = ''

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true })
    this.path = path
    this.#bytes = existsSync(path) ? statSync(path).size : 0
    this.#stream = createWriteStream(path, { flags: 'a', mode: 0o600 })
  }

  write(text: string): void {
    if (this.#bytes > sizeMaxBytes) this.#rotate()
    this.#stream.write(text)
    this.#bytes += Buffer.byteLength(text)
    this.#tail = (this.#tail + text).slice(-4_000)
  }

  /** The last lines that were written. */
  lastLines(count: number): string {
    return this.#tail.trimEnd().split('\n').slice(-count).join('\n')
  }

  close(): void {
    this.#stream.end()
  }

  #rotate(): void {
    this.#stream.end()
    renameSync(this.path, `${this.path}.1`)
    this.#stream = createWriteStream(this.path, { flags: 'a', mode: 0o600 })
    this.#bytes = 0
  }
}
