import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { accounts, loadSecrets, passwordFile, settlePasswords, type Account } from './secrets.js'

function emptyFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'pulsehouse-test-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  return join(parent, 'superset')
}

/** A data folder whose accounts have taken their passwords. */
function settledFolder(): string {
  const folder = emptyFolder()
  settlePasswords(folder, loadSecrets(folder, false).drawn)
  return folder
}

test('what is drawn waits until Superset has taken it, and then stays', () => {
  const folder = emptyFolder()
  const drawn = loadSecrets(folder, false)
  expect(drawn.drawn).toEqual(accounts)
  expect(accounts.some((account) => existsSync(passwordFile(folder, account)))).toBe(false)
  settlePasswords(folder, drawn.drawn)
  expect(loadSecrets(folder, false)).toEqual({ ...drawn, drawn: [] })
})

test('a reset that was interrupted is taken up with the same passwords', () => {
  const folder = settledFolder()
  const before = loadSecrets(folder, false)
  const interrupted = loadSecrets(folder, true)
  expect(interrupted.passwords).not.toEqual(before.passwords)
  expect(loadSecrets(folder, false)).toEqual(interrupted)
  settlePasswords(folder, interrupted.drawn)
  expect(loadSecrets(folder, false)).toEqual({ ...interrupted, drawn: [] })
})

test.each(accounts)('only the account whose file is gone gets a new one: %s', (gone) => {
  const folder = settledFolder()
  const before = loadSecrets(folder, false)
  const other: Account = gone === 'admin' ? 'viewer' : 'admin'
  rmSync(passwordFile(folder, gone))
  const after = loadSecrets(folder, false)
  expect(after.drawn).toEqual([gone])
  expect(after.passwords[gone]).not.toBe(before.passwords[gone])
  expect(after.passwords[other]).toBe(before.passwords[other])
})
