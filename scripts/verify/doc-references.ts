import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Check } from './check.js'

const root = join(import.meta.dirname, '../../..')
/** What looks like a path of this repository: it begins with one of its top folders or is a file of its root. */
const repositoryPath =
  /^(?:(?:packages|clickhouse|superset|scripts|docs|tests|\.ci)\/[\w./@-]*|[A-Z]+\.md|(?:package|tsconfig|knip|docker-compose)[\w.-]*)$/
const command = /npm run ([a-z-]+)/g

/** Whatever a document, a comment of the configuration or a migration names must exist: files, and commands. */
export const docReferences: Check = {
  name: 'doc references',
  run: async () => {
    const { stdout } = await promisify(execFile)('git', ['ls-files', '*.md', 'clickhouse/*.sql'], {
      cwd: root,
    })
    const files = stdout.split('\n').filter((file) => file !== '' && existsSync(join(root, file)))
    const scripts = Object.keys(
      (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Package).scripts,
    )
    return files.flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8')
      return [...missingPaths(file, text), ...missingCommands(file, text, scripts)]
    })
  },
}

interface Package {
  scripts: Record<string, string>
}

function missingPaths(file: string, text: string): string[] {
  const code = [...text.matchAll(/`([^`\s]+)`/g)]
    .map((match) => match[1] ?? '')
    .filter((path) => repositoryPath.test(path))
  const parenthesised = [...text.matchAll(/\((docs\/[\w./-]+\.md)\)/g)].map((match) => match[1] ?? '')
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)[^)]*\)/g)].map(
    (match) => match[1] ?? '',
  )
  const missing = [
    ...[...code, ...parenthesised].filter((path) => !existsSync(join(root, path))),
    ...links.filter((path) => !existsSync(join(root, dirname(file), path)) && !existsSync(join(root, path))),
  ]
  return missing.map((path) => `${file} names ${path}, which does not exist`)
}

function missingCommands(file: string, text: string, scripts: readonly string[]): string[] {
  const named = [...text.matchAll(command)].map((match) => match[1] ?? '')
  return named
    .filter((name) => !scripts.includes(name))
    .map((name) => `${file} names npm run ${name}, which does not exist`)
}
