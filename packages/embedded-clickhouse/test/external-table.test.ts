import { describe, expect, test } from 'vitest'
import { externalTable, statementsOf } from '../src/sql/external-table.js'

const nothing = { format: undefined, structure: undefined, types: undefined }

describe('the columns of an external table', () => {
  test.each([
    ['a String', 'a String'],
    ['a String, `b c` Array(Nullable(UInt8))', 'a String, `b c` Array(Nullable(UInt8))'],
    [" e Enum8('x,) y' = 1, 'z' = 2) ,d Decimal(9, 2)", " e Enum8('x,) y' = 1, 'z' = 2) ,d Decimal(9, 2)"],
  ])('as a structure: %j', (structure, columns) =>
    expect(externalTable('t', '/f', { ...nothing, structure }).structure).toBe(columns),
  )

  test.each([
    ['Int8', '`_1` Int8'],
    ["UInt64, Enum('a, b' = 1, 'c' = 2),String", "`_1` UInt64, `_2` Enum('a, b' = 1, 'c' = 2), `_3` String"],
  ])('as types: %j', (types, columns) =>
    expect(externalTable('t', '/f', { ...nothing, types }).structure).toBe(columns),
  )

  test.each([
    '',
    'a String,',
    'a String) ENGINE = File(CSV) --',
    "a String DEFAULT file('/etc/passwd')",
    'a String CODEC(NONE)',
    'a String --',
    'a String /* x */, b String',
    "a Enum('x",
    'a String; DROP TABLE t',
    '(a String)',
    'a String, INDEX i a TYPE minmax',
    'a ALIAS now()',
  ])('may be nothing else: %j', (structure) => {
    const refused = 'Code: 36. DB::Exception: Error while parsing table structure'
    expect(() => externalTable('t', '/f', { ...nothing, structure })).toThrow(refused)
    expect(() => externalTable('t', '/f', { ...nothing, types: `Int8, ${structure}` })).toThrow(refused)
  })

  test('have to be given', () => {
    const structure = 'a'
    expect(() => externalTable('t', '/f', { ...nothing, structure })).toThrow(
      'it has to be a list of columns',
    )
    expect(() => externalTable('t', '/f', nothing)).toThrow('Use fields t_structure or t_types to do so')
  })
})

test('an external table is made and filled by two statements', () => {
  const table = externalTable('people', "/dev/shm/x'y", { ...nothing, types: 'String' })
  expect(statementsOf(table)).toEqual([
    'CREATE TEMPORARY TABLE `people` (`_1` String) ENGINE = Memory',
    "INSERT INTO `people` FROM INFILE '/dev/shm/x\\'y' COMPRESSION 'none' FORMAT TabSeparated",
  ])
})
