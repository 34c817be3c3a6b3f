import { describe, expect, test } from 'vitest'
import { firstWord, formatOf, readHead } from '../src/sql/statement.js'

const latin1 = (text: string): string => Buffer.from(text).toString('latin1')

describe('where the data of an INSERT begins', () => {
  test.each([
    ['INSERT INTO t FORMAT CSV\n1,2', 'INSERT INTO t ', '', 'CSV', '1,2'],
    [
      'insert into t (a, b) settings x = 1 format JSONEachRow {"a":1}',
      'insert into t (a, b) ',
      'settings x = 1 ',
      'JSONEachRow',
      '{"a":1}',
    ],
    ["INSERT INTO t VALUES (1, 'FORMAT CSV')", 'INSERT INTO t ', '', 'Values', " (1, 'FORMAT CSV')"],
    [
      'INSERT INTO `FORMAT`.format (`values`, "select") /* FORMAT X */ FORMAT TSV \r\na',
      'INSERT INTO `FORMAT`.format (`values`, "select") /* FORMAT X */ ',
      '',
      'TSV',
      'a',
    ],
    [
      "-- FORMAT a\nINSERT INTO t SETTINGS s = 'it\\'s FORMAT x' FORMAT Native\n\n",
      '-- FORMAT a\nINSERT INTO t ',
      "SETTINGS s = 'it\\'s FORMAT x' ",
      'Native',
      '\n',
    ],
    [
      "INSERT INTO FUNCTION null('a Int8') FORMAT TSV\n1",
      "INSERT INTO FUNCTION null('a Int8') ",
      '',
      'TSV',
      '1',
    ],
  ])('%j', (text, into, settings, format, data) => {
    const head = readHead(latin1(text), true)
    if (typeof head === 'string') throw new Error(head)
    expect({ ...head, data: text.slice(head.dataStart) }).toMatchObject({ into, settings, format, data })
  })

  test.each([
    'SELECT 1 FORMAT CSV',
    'INSERT INTO t SELECT 1 FORMAT CSV',
    'INSERT INTO t (a) WITH 1 AS x SELECT x',
    'INSERT INTO t (SELECT 1)',
    'INSERT INTO t',
    'INSERT INTO t; FORMAT CSV',
    '',
  ])('has none: %j', (text) => expect(readHead(text, true)).toBe('statement without data'))

  test.each([
    '',
    'INS',
    'INSERT INTO t (a',
    'INSERT INTO t FORMAT Nat',
    'INSERT INTO t FORMAT Native',
    'INSERT INTO t FORMAT Native \r',
    'INSERT INTO `t',
  ])('waits for more: %j', (text) => expect(readHead(text, false)).toBe('undecided'))

  test('FROM INFILE would read a file of the server', () => {
    expect(() => readHead("INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV", true)).toThrow('Code: 78.')
  })
})

describe('the format that a query names', () => {
  test.each([
    ['SELECT 1', undefined],
    ['SELECT 1 FORMAT JSON', 'JSON'],
    ['SELECT 1 FORMAT Native SETTINGS max_threads = 1', 'Native'],
    ["SELECT ' FORMAT CSV' FORMAT TSV;", 'TSV'],
    ['SELECT 1 -- FORMAT CSV', undefined],
    ['SELECT (SELECT 1 AS FORMAT) FORMAT XML', 'XML'],
  ])('%j', (sql, format) => expect(formatOf(sql)).toBe(format))

  test('INTO OUTFILE would write a file of the server', () => {
    expect(() => formatOf("SELECT 1 INTO OUTFILE '/tmp/x'")).toThrow('Code: 358.')
  })
})

test('the first word of a statement is behind comments and brackets', () => {
  expect(firstWord('/* x */ -- y\n ((select 1))')).toBe('SELECT')
  expect(firstWord(' -- only a comment')).toBe('')
})
