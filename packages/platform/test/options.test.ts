import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { flag, HelpRequested, integer, option, readOptions, UsageError } from '../src/index.js'

const command = {
  usage: 'npm run thing -- [options]',
  summary: 'Does a thing.',
  options: {
    port: option({
      flag: 'port',
      env: 'THING_PORT',
      value: 'N',
      help: 'A port',
      schema: integer(1, 65_535, 8080),
    }),
    name: option({
      flag: 'name',
      value: 'NAME',
      help: 'A name',
      schema: z.string().min(2, 'is too short').optional(),
    }),
    loud: flag({ flag: 'loud', help: 'Be loud' }),
  },
}

describe('readOptions', () => {
  test('takes the flag, else the environment, else the default', () => {
    expect(readOptions(command, ['--port', '1'], { THING_PORT: '2' }).values.port).toBe(1)
    expect(readOptions(command, [], { THING_PORT: '2' }).values.port).toBe(2)
    expect(readOptions(command, [], { THING_PORT: '' }).values).toEqual({
      port: 8080,
      name: undefined,
      loud: false,
    })
    expect(readOptions(command, ['--loud'], {}).values.loud).toBe(true)
  })

  test('reports every violation at once, by the name under which it came', () => {
    const read = (): unknown => readOptions(command, ['--name', 'x'], { THING_PORT: '0x' })
    expect(read).toThrow(UsageError)
    expect(read).toThrow(
      'THING_PORT is "0x": must be a whole number from 1 to 65535\n--name is "x": is too short',
    )
  })

  test.each([[['--unknown']], [['word']], [['--port']]])('refuses %j', (argv) => {
    expect(() => readOptions(command, argv, {})).toThrow(UsageError)
  })

  test('prints help with every option', () => {
    const read = (): unknown => readOptions(command, ['--port', 'bad', '--help'], {})
    expect(read).toThrow(HelpRequested)
    expect(read).toThrow(/--port N +A port \[THING_PORT\]\n +--name NAME/)
  })
})
