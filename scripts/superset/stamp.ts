import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serverFolder } from './server-folder.js'

/** Says whether a data folder's Superset stands as this version of the project wants it. */
export interface Stamp {
  isCurrent(): boolean
  /** From here on it is not, until `set`. */
  clear(): void
  set(): void
}

/** The stamp of a data folder: a hash of the assets, the requirements and everything else that the preparation reads. */
export function openStamp(folder: string, assets: string): Stamp {
  const file = join(folder, 'prepared')
  const wanted = hashOf([serverFolder, assets])
  return {
    isCurrent: () =>
      existsSync(join(folder, 'superset.db')) &&
      existsSync(file) &&
      readFileSync(file, 'utf8').trim() === wanted,
    clear: () => rmSync(file, { force: true }),
    set: () => writeFileSync(file, `${wanted}\n`),
  }
}

function hashOf(folders: readonly string[]): string {
  const hash = createHash('sha256')
  for (const folder of folders) {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !name.includes('__pycache__') && statSync(join(folder, name)).isFile(),
    )
    for (const name of names.toSorted())
      hash
        .update(`${name}\0`)
        .update(readFileSync(join(folder, name)))
        .update('\0')
  }
  return hash.digest('hex')
}
