import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Logger } from '@pulsehouse/platform'
import type { DataFolder } from './data-folder.js'

/**
 * Makes every table forget the tokens whose rows it does not have; the engine must not be open.
 *
 * A table with a `non_replicated_deduplication_window` writes a line for each part that an INSERT brings, and ClickHouse
 * 26.7 writes it before it renames the part into place. A process that dies between the two leaves a line without a
 * part: the next one trusts the line, answers the retry with "ok" and drops its rows.
 *
 * So the log is read from its end, and lines are taken out until one names a part that is there, by itself or within
 * one that it was merged or mutated into. No line before that can be a lost one: the engine numbers the part, writes
 * its line and renames it under one lock of the table, so a death leaves at most the last part of each table behind,
 * and this runs before anything is written after it. A larger block number than all others would not tell a lost
 * part, because it may also be one that has been dropped. A part that the engine dropped, by TTL or by a statement, is
 * none of ours: it has a line of its own for that, and reading ends there too.
 *
 * If somebody took the last parts away behind the engine's back, their tokens are forgotten as well, and a retry would
 * bring their rows again, which is what the engine does after a DROP PARTITION. All parts of a table lie on the disk
 * of its log, because our configuration knows no other storage policy.
 *
 * A line that the death broke off is cut: the engine would write the next one behind it and could read neither, nor
 * what follows. A log that can't be read or changed is left as it is, with a warning.
 */
export function repairDeduplicationLogs(folder: DataFolder, log: Pick<Logger, 'info' | 'warn'>): void {
  for (const table of tablesIn(folder.engine))
    try {
      const parts = repairTable(table, join(folder.root, 'deduplication_log.new'))
      if (parts.length > 0) log.info({ table, parts }, 'tokens of inserts that did not end are forgotten')
    } catch (error) {
      log.warn(
        { err: error, table },
        'the deduplication log is left as it is; a retry may be lost or doubled',
      )
    }
}

/** @returns names of the parts whose lines were taken out. */
function repairTable(table: string, scratch: string): string[] {
  const reading = new BackwardReading(blocksIn(table))
  for (const path of logsIn(join(table, 'deduplication_logs'))) {
    const text = readFileSync(path, 'latin1')
    const kept = reading.keep(text)
    if (kept !== text) replaceFile(path, kept, scratch)
    if (reading.ended) break
  }
  return reading.lost
}

/** The blocks that a part holds: all numbers from one to another, in one partition. */
interface Blocks {
  partition: string
  first: number
  last: number
}

const added = '1'
const dropped = '2'
const lineFormat = /^([12])\t([^\t]+)\t[^\t]+$/
/** Folders of parts on their way in or out, as `tmp_merge_…` and `delete_tmp_…`, are none. */
const partFormat = /^([^_]+)_(-?\d+)_(\d+)_\d+(?:_\d+)?$/

/** Reads a table's logs from the newest line on, up to one that proves that all before it are right. */
class BackwardReading {
  readonly #stored: readonly Blocks[]
  readonly #dropped = new Set<string>()
  readonly lost: string[] = []
  ended = false

  constructor(stored: readonly Blocks[]) {
    this.#stored = stored
  }

  /** @returns a log without its lost lines. @throws at a line that is none. */
  keep(text: string): string {
    const wholeLines = text.split('\n').slice(0, -1)
    const kept = wholeLines.toReversed().filter((line) => this.#keeps(line))
    return kept
      .map((line) => `${line}\n`)
      .toReversed()
      .join('')
  }

  #keeps(line: string): boolean {
    if (this.ended) return true
    const { operation, part, blocks } = parseLine(line)
    if (operation === added) {
      this.ended = this.#dropped.has(part) || this.#stored.some((stored) => covers(stored, blocks))
      if (!this.ended) this.lost.push(part)
      return this.ended
    }
    this.#dropped.add(part)
    return true
  }
}

function parseLine(line: string): { operation: typeof added | typeof dropped; part: string; blocks: Blocks } {
  const [, operation, part = ''] = lineFormat.exec(line) ?? []
  const blocks = blocksOf(part)
  if (blocks === undefined) throw new Error(`It has a line that can't be read: ${JSON.stringify(line)}`)
  return { operation: operation === added ? added : dropped, part, blocks }
}

function covers(stored: Blocks, blocks: Blocks): boolean {
  return stored.partition === blocks.partition && stored.first <= blocks.first && stored.last >= blocks.last
}

function blocksOf(part: string): Blocks | undefined {
  const [, partition, first, last] = partFormat.exec(part) ?? []
  return partition === undefined ? undefined : { partition, first: Number(first), last: Number(last) }
}

function blocksIn(table: string): Blocks[] {
  return foldersIn(table).flatMap((name) => blocksOf(name) ?? [])
}

/** Tables with a log: those of Atomic databases lie in `store`, those of Ordinary ones in `data`. */
function tablesIn(engineFolder: string): string[] {
  return ['store', 'data']
    .map((name) => join(engineFolder, name))
    .flatMap((place) => foldersIn(place).map((name) => join(place, name)))
    .flatMap((place) => foldersIn(place).map((name) => join(place, name)))
    .filter((table) => existsSync(join(table, 'deduplication_logs')))
}

/** Names of the folders in a folder; links are none. */
function foldersIn(path: string): string[] {
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
}

/** Paths of a table's logs, the newest first. */
function logsIn(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => ({ name, number: Number(/^deduplication_log_(\d+)\.txt$/.exec(name)?.[1]) }))
    .filter(({ number }) => !Number.isNaN(number))
    .toSorted((one, other) => other.number - one.number)
    .map(({ name }) => join(folder, name))
}

/** The scratch file lies elsewhere, because the engine can't open a table with a file that it does not know there. */
function replaceFile(path: string, text: string, scratch: string): void {
  writeFileSync(scratch, text, { encoding: 'latin1', mode: statSync(path).mode, flush: true })
  renameSync(scratch, path)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
