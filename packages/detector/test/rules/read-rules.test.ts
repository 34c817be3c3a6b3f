import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { defaultRulesFile, readRules } from '../../src/rules/read-rules.js'

const folder = mkdtempSync(join(tmpdir(), 'rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

const usual = readFileSync(defaultRulesFile, 'utf8')

function refusalOf(text: string): string {
  const file = join(folder, 'rules.yaml')
  writeFileSync(file, text)
  try {
    readRules(file)
  } catch (error) {
    return (error as Error).message.replaceAll(file, 'rules.yaml')
  }
  return 'taken'
}

const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length

describe('a rules file', () => {
  test('that comes with the detector is taken, and says who is told', () => {
    expect(readRules().receivers.map(({ name }) => name)).toEqual(['queue', 'log'])
    expect(refusalOf(usual)).toBe('taken')
  })

  test('is refused with line and reason, all mistakes at once', () => {
    const wrong = usual
      .replace('severity: critical', 'severity: fatal')
      .replace('window_minutes: 5', 'window_minutes: 0')
      .replace('min_paths: 200', 'min_path: 200')
    expect(refusalOf(wrong).split('\n')).toEqual([
      `rules.yaml:${lineOf(wrong, 'fatal')}: series.traffic_drop.severity: Invalid option: expected one of "info"|"warning"|"critical"`,
      `rules.yaml:${lineOf(wrong, 'window_minutes: 0')}: brute_force.window_minutes: Too small: expected number to be >=1`,
      expect.stringMatching(/^rules\.yaml:\d+: scraping\.min_paths: Invalid input/),
      expect.stringMatching(/^rules\.yaml:\d+: scraping: Unrecognized key: "min_path"/),
    ])
  })

  test('that is no YAML is refused with the line', () => {
    expect(refusalOf('learning_days: [3\nhistory_days: 8\n')).toMatch(/^rules\.yaml:\d: /)
  })

  test('that is not there is named', () => {
    expect(() => readRules(join(folder, 'none.yaml'))).toThrow(/none\.yaml can't be read/)
  })
})
