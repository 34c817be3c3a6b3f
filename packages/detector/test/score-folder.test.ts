import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { scoreFolder } from '../src/score/score-folder.js'
import { parseTime } from '../src/score/series-time.js'
import { dailySeries } from './random.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pulsehouse-score-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const header = 'timestamp,value\n'
const lines = dailySeries(3, 300, 5).map(([time, value]) => `${time},${value.toFixed(3)}\n`)

function write(part: string, name: string, text: string): string {
  mkdirSync(join(folder, part), { recursive: true })
  writeFileSync(join(folder, part, name), text)
  return join(folder, part)
}

async function score(part: string, state?: string): Promise<void> {
  const options = { preset: 'ops', state: state && join(folder, state) } as const
  await scoreFolder(
    { ...options, input: join(folder, part), output: join(folder, `${part}-out`) },
    () => undefined,
  )
}

const scored = (part: string, name: string): string => readFileSync(join(folder, `${part}-out`, name), 'utf8')

test('every row comes back with its score, and in two parts as in one', async () => {
  write('whole', 'a.csv', header + lines.join(''))
  write('one', 'a.csv', header + lines.slice(0, 400).join(''))
  write('two', 'a.csv', header + lines.slice(400).join(''))
  await score('whole')
  await score('one', 'state')
  await score('two', 'state')
  const whole = scored('whole', 'a.csv')
  expect(whole.split('\n')).toHaveLength(lines.length + 2)
  expect(whole.startsWith('timestamp,value,score,alert\n')).toBe(true)
  expect(whole).toMatch(new RegExp(`^${lines[500]?.trim()},\\d+(\\.\\d+)?,[01]$`, 'm'))
  const [, ...second] = scored('two', 'a.csv').split('\n')
  expect(scored('one', 'a.csv') + second.join('\n')).toBe(whole)
})

test('a value that is missing, a row that is written twice and a short series are no reason to stop', async () => {
  const rows = ['0,1', '60,', '120,NaN', '120,2', '90,3', '1700000000,4']
  write('in', 'a.csv', `\uFEFF${header}${rows.join('\r\n')}\r\n`)
  write('in', 'empty.csv', header)
  await score('in')
  expect(scored('in', 'a.csv')).toBe(
    `timestamp,value,score,alert\n${rows.map((row) => `${row},0,0\n`).join('')}`,
  )
  expect(scored('in', 'empty.csv')).toBe('timestamp,value,score,alert\n')
})

test('what can’t be read is named by file and line, and the other files are scored', async () => {
  write('in', 'a.csv', `${header}1,2\nyesterday,3\n`)
  write('in', 'b.csv', `${header}1,2\n`)
  write('in', 'c.csv', 'time,value\n1,2\n')
  write('in', 'd.csv', `${header}1,2,3\n`)
  write('in', 'e.csv', '')
  const failure = await score('in').then(
    () => '',
    (error: Error) => error.message,
  )
  expect(failure.split('\n')).toEqual([
    expect.stringMatching(/a\.csv, line 3: must be a time and a number/) as string,
    expect.stringMatching(/c\.csv, line 1: the first line must be timestamp,value/) as string,
    expect.stringMatching(/d\.csv, line 2/) as string,
    expect.stringMatching(/e\.csv is empty/) as string,
  ])
  expect(readdirSync(join(folder, 'in-out'))).toEqual(['b.csv'])
  await expect(score('nowhere')).rejects.toThrow('There is no folder')
})

test.each([
  ['1700000000', 1_700_000_000],
  ['1700000000.5', 1_700_000_000.5],
  ['1700000000123', 1_700_000_000.123],
  ['2026-01-05T00:00:00Z', 1_767_571_200],
  ['2026-01-05 00:00:00', 1_767_571_200],
  ['2026-01-05 01:00:00+01:00', 1_767_571_200],
  ['2026-01-05', 1_767_571_200],
  ['2026-13-05', undefined],
  ['now', undefined],
  ['', undefined],
])('the time %s', (text, seconds) => {
  expect(parseTime(text)).toBe(seconds)
})
