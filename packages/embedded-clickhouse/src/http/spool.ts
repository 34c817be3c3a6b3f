import { createHash, randomUUID } from 'node:crypto'
import { accessSync, constants, readdirSync, rmSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
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
      await rm(path, { force: true })
    }
  }

  async #write(path: string, data: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    const file = await open(path, 'wx', 0o600)
    let bytes = 0
    try {
      for await (const chunk of data) {
        bytes += chunk.length
        if (bytes > limits.insertBytesMax)
          throw exception(307, 'TOO_MANY_BYTES', `One INSERT may have ${limits.insertBytesMax} bytes`, 413)
        await file.writeFile(chunk)
      }
    } finally {
      await file.close()
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
