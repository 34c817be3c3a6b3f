import { randomUUID } from 'node:crypto'
import { closeSync, constants, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { changeDescriptor, makePipe } from './system-calls.js'

/** A named pipe that the engine writes a result into, as into a file. */
export class ResultPipe {
  readonly #reader: Socket
  #isClosed = false

  private constructor(
    /** Its place in the file system. */
    readonly path: string,
    reader: Socket,
    /** A second reader: after some failures the engine opens the pipe again, and would wait for one for ever. */
    private readonly keptOpen: number,
  ) {
    this.#reader = reader
  }

  /** Makes a pipe in a folder. The engine waits when it is full, so a slow reader holds it back. */
  static open(folder: string): ResultPipe {
    const path = join(folder, randomUUID())
    makePipe(path)
    // Without waiting for somebody who writes: the engine opens it when the query has begun.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    changeDescriptor(descriptor, setPipeSize, pipeBytes)
    const reader = new Socket({ fd: descriptor, readable: true, writable: false })
    reader.pause()
    const keptOpen = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    return new ResultPipe(path, reader, keptOpen)
  }

  /** What is written, until all writers have closed the pipe, or it was closed here. */
  async *read(): AsyncGenerator<Buffer> {
    try {
      for await (const bytes of this.#reader) yield bytes as Buffer
    } catch (error) {
      if (!this.#isClosed) throw error
    }
  }

  /** No more is written; needed where the engine has not opened the pipe at all. */
  endWriting(): void {
    if (!this.#reader.destroyed) closeSync(openSync(this.path, constants.O_WRONLY | constants.O_NONBLOCK))
  }

  /** Who still writes gets an error, so that a query ends whose reader has gone. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#reader.destroy()
    closeSync(this.keptOpen)
    rmSync(this.path, { force: true })
  }
}

/** As large as the system allows everybody; each of the engine's waits costs time. */
const pipeBytes = 1024 * 1024
/** `F_SETPIPE_SZ`; systems without it refuse, which does no harm. */
const setPipeSize = 1031
