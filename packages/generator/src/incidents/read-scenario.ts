import { existsSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { UsageError } from '@pulsehouse/platform'
import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import { scenarioSchema, type Scenario } from './scenario.js'

const folder = join(import.meta.dirname, '../../scenarios')
/** Scenarios that come with the generator; others are files. */
const shipped = ['fortnight', 'showcase'] as const

/** A scenario that was read, with the name by which the ground truth calls it. */
export interface NamedScenario extends Scenario {
  name: string
}

/**
 * Reads a scenario by its name or from a YAML file.
 *
 * @throws {UsageError} when there is none, or what is in it is wrong: with the line and the reason of each violation.
 */
export function readScenario(nameOrFile: string): NamedScenario {
  const isShipped = shipped.some((name) => name === nameOrFile)
  const path = isShipped ? join(folder, `${nameOrFile}.yaml`) : nameOrFile
  if (!existsSync(path)) {
    throw new UsageError(
      `--scenario is "${nameOrFile}": must be ${shipped.join(', ')} or a file that exists.`,
    )
  }
  return { name: basename(path, extname(path)), ...parseScenario(readFileSync(path, 'utf8'), path) }
}

/** @throws {UsageError} as {@link readScenario}; the name is that of the file. */
export function parseScenario(text: string, name: string): Scenario {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const lineOf = (offset: number): number => lines.linePos(offset).line
  const [broken] = document.errors
  if (broken !== undefined) {
    throw new UsageError(`${name}, line ${lineOf(broken.pos[0])}: ${broken.message.split('\n')[0] ?? ''}`)
  }
  const parsed = scenarioSchema.safeParse(document.toJS() ?? {})
  if (parsed.success) return parsed.data
  const violations = parsed.error.issues.map((issue) => {
    const what = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
    return `${name}, line ${lineOf(offsetOf(document, issue))}: ${what}${issue.message}`
  })
  throw new UsageError(violations.join('\n'))
}

/** Where in the text a violation is: at the unknown key, at the wrong value, or at what lacks one. */
function offsetOf(document: Document, issue: z.core.$ZodIssue): number {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}
