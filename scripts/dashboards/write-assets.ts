import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bundle } from '@pulsehouse/superset'

/** Writes the bundle anew into a folder; whatever was there is gone. @returns how many files it has. */
export function writeAssets(folder: string): number {
  rmSync(folder, { recursive: true, force: true })
  const files = bundle()
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return files.length
}
