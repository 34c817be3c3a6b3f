import { createHash, randomUUID } from 'node:crypto'
import { accessSync, closeSync, constants, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { exception } from './errors.js'
import { limits } from '../limits.js'

/**
 * Where the data of an INSERT waits until it is whole: a body that breaks off must leave nothing in a table.
 * Files in memory, because reading them from there was the fastest way into the engine.
 */
export class Spool {
  /** @param folder is this server's own; what a killed one has left in it is removed. */
  constructor(readonly folder: string) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true })
  }

  /**
   * Writes data into a file for the time that `use` takes; only this user can read it.
   *
   * @throws {ClickhouseError} 307 when it is too long, and what reading the data throws.
   */
  async withFile<T>(
    data: AsyncIterable<Buffer> | Iterable<Buffer>,
    use: (path: string) => Promise<T>,
  ): Promise<T> {
    const path = join(this.folder, randomUUID())
    try {
      await this.#write(path, data)
      return await use(path)
    } finally {
      rmSync(path, { force: true })
    }
  }

  async #write(path: string, data: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    const file = openSync(path, 'wx', 0o600)
    let bytes = 0
    try {
      for await (const chunk of data) {
        bytes += chunk.length
        if (bytes > limits.insertBytesMax)
          throw exception(307, 'TOO_MANY_BYTES', `One INSERT may have ${limits.insertBytesMax} bytes`, 413)
        // It is memory that is written to: handing a piece to a thread would take longer than copying it.
        for (let written = 0; written < chunk.length;) written += writeSync(file, chunk, written)
      }
    } finally {
      closeSync(file)
    }
  }
}

/** The folder for the data of inserts of the server over a data folder: in memory, where the system has such a place. */
export function spoolFolderOf(dataDir: string): string {
  const folderId = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16)
  return join(isWritable(memory) ? memory : tmpdir(), `embedded-clickhouse-${folderId}`)
}

const memory = '/dev/shm'

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
