import { createHash, randomUUID } from 'node:crypto'
import { accessSync, constants, readdirSync, rmSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { exception } from './errors.js'
import { limits } from '../limits.js'

const memory = '/dev/shm'

/**
 * Where the data of an INSERT waits until it is whole: a body that breaks off must leave nothing in a table.
 * Files in memory, because reading them from there was the fastest way into the engine.
 */
export class Spool {
  readonly #folder = isWritable(memory) ? memory : tmpdir()
  readonly #prefix: string

  /** @param dataDir tells servers apart; what a killed one over the same folder has left is removed. */
  constructor(dataDir: string) {
    const folderId = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16)
    this.#prefix = `embedded-clickhouse-${folderId}-`
    for (const name of readdirSync(this.#folder))
      if (name.startsWith(this.#prefix)) rmSync(join(this.#folder, name), { force: true })
  }

  /**
   * Writes data into a file for the time that `use` takes; only this user can read it.
   *
   * @throws {ClickhouseError} 307 when it is too long, and what reading the data throws.
   */
  async withFile<T>(data: AsyncIterable<Buffer>, use: (path: string) => Promise<T>): Promise<T> {
    const path = join(this.#folder, `${this.#prefix}${randomUUID()}`)
    try {
      await this.#write(path, data)
      return await use(path)
    } finally {
      await rm(path, { force: true })
    }
  }

  async #write(path: string, data: AsyncIterable<Buffer>): Promise<void> {
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

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
