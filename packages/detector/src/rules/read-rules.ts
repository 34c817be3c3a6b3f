import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '@pulsehouse/platform'
import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import { rulesSchema, type Rules } from './rules.js'

/** The rules that come with the detector. */
export const defaultRulesFile = join(import.meta.dirname, '../../rules.yaml')

/**
 * Reads a rules file.
 *
 * @throws {UsageError} with every mistake at once, each with its line and what is wrong.
 */
export function readRules(path: string = defaultRulesFile): Rules {
  const lines = new LineCounter()
  const document = parseDocument(contentOf(path), { lineCounter: lines })
  const unreadable = document.errors.map(
    ({ pos, message }) => `${path}:${lines.linePos(pos[0]).line}: ${message.split(/ at line |\n/)[0]}`,
  )
  if (unreadable.length > 0) throw new UsageError(unreadable.join('\n'))
  const parsed = rulesSchema.safeParse(valueOf(path, document))
  if (parsed.success) return parsed.data
  throw new UsageError(
    parsed.error.issues
      .map((issue) => `${path}:${lineOf(document, lines, issue.path)}: ${told(issue)}`)
      .join('\n'),
  )
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UsageError(
      `The rules file ${path} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }
}

function valueOf(path: string, document: Document): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    throw new UsageError(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

/** The line of what is wrong, or of what it should be part of. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

function told(issue: z.core.$ZodIssue): string {
  return `${issue.path.length === 0 ? 'the file' : issue.path.join('.')}: ${issue.message}`
}
