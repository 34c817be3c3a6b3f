import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Check } from './check.js'

const root = join(import.meta.dirname, '../../..')
/** Output of a tool beyond this is cut, bytes. */
const outputBytesMax = 16 * 1024 * 1024

/** A check that is a tool of node_modules: it holds when the tool exits with 0. */
export function toolCheck(name: string, tool: string, args: string[]): Check {
  const path = join(root, 'node_modules/.bin', tool)
  return {
    name,
    run: () =>
      new Promise((resolve) => {
        execFile(path, args, { cwd: root, maxBuffer: outputBytesMax }, (error, stdout, stderr) => {
          resolve(error === null ? [] : [`${stdout}${stderr}`.trim() || error.message])
        })
      }),
  }
}
