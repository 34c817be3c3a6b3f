import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadKeys } from '../src/index.js'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pulsehouse-keys-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('keys are made once, readable by their owner only', () => {
  const first = loadKeys(folder, {})
  expect(first.pseudonymKey).toMatch(/^[0-9a-f]{64}$/)
  expect(first.pseudonymKey).not.toBe(first.queueKey)
  expect(loadKeys(folder, {})).toEqual(first)
  expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600)
})

test('the environment wins over the file', () => {
  const stored = loadKeys(folder, {})
  const key = 'ab'.repeat(32)
  expect(loadKeys(folder, { PULSEHOUSE_PSEUDONYM_KEY: key })).toEqual({ ...stored, pseudonymKey: key })
})

test('a malformed key is refused with its name, and a damaged file is never replaced', () => {
  expect(() => loadKeys(folder, { PULSEHOUSE_QUEUE_KEY: 'short' })).toThrow(
    /queueKey must be 64 hexadecimal digits/,
  )
  writeFileSync(join(folder, 'keys.json'), '{"pseudonymKey": "')
  expect(() => loadKeys(folder, {})).toThrow(/restore it from a backup/)
})
