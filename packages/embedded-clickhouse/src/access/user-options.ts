import { isOfThisMachine } from '../http/foreign-page.js'
import { integer, option, type Option } from '@pulsehouse/platform'
import { z } from 'zod'
import { limits } from '../limits.js'
import { userOf, type User } from './users.js'

/** The users of the server, as options of its command line. A limit of 0 is none. */
export const userOptions = {
  user: name('user', 'default', 'Name of the administrator'),
  password: password('password', 'PULSEHOUSE_CLICKHOUSE_PASSWORD', "The administrator's password"),
  maxSeconds: limit('max-execution-seconds', 0, 'Longest query of the administrator'),
  maxMemory: limit('max-memory-bytes', 0, 'Most memory of a query of the administrator'),
  maxRows: limit('max-result-rows', 0, 'Most rows in a result of the administrator'),
  viewer: name('viewer', 'viewer', 'Name of the user who may only read'),
  viewerPassword: password(
    'viewer-password',
    'PULSEHOUSE_CLICKHOUSE_VIEWER_PASSWORD',
    "The viewer's password",
  ),
  viewerDatabases: option({
    flag: 'viewer-databases',
    value: 'NAME,…',
    help: "Databases that the viewer may read beside the engine's own, system and INFORMATION_SCHEMA (default: all)",
    schema: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(z.string().regex(/^\w+$/, 'takes names of letters, digits and _')))
      .optional(),
  }),
  viewerMaxSeconds: limit(
    'viewer-max-execution-seconds',
    limits.viewer.maxExecutionTimeS,
    'Longest query of the viewer',
  ),
  viewerMaxMemory: limit(
    'viewer-max-memory-bytes',
    limits.viewer.maxMemoryUsageBytes,
    'Most memory of a query of the viewer',
  ),
  viewerMaxRows: limit(
    'viewer-max-result-rows',
    limits.viewer.maxResultRows,
    'Most rows in a result of the viewer',
  ),
} as const

/** What the options say, as they were read. */
export interface UserOptionValues {
  user: string
  password: string
  maxSeconds: number
  maxMemory: number
  maxRows: number
  viewer: string
  viewerPassword: string
  viewerMaxSeconds: number
  viewerMaxMemory: number
  viewerMaxRows: number
}

/** The users that the options describe: one administrator and one who may only read. */
export function usersOf(values: UserOptionValues): User[] {
  const administratorLimits = {
    maxExecutionTimeS: values.maxSeconds,
    maxMemoryUsageBytes: values.maxMemory,
    maxResultRows: values.maxRows,
  }
  const viewerLimits = {
    maxExecutionTimeS: values.viewerMaxSeconds,
    maxMemoryUsageBytes: values.viewerMaxMemory,
    maxResultRows: values.viewerMaxRows,
  }
  return [
    userOf(values.user, 'administrator', values.password, administratorLimits),
    userOf(values.viewer, 'viewer', values.viewerPassword, viewerLimits),
  ]
}

/**
 * Looks whether the server may listen on an address.
 *
 * @throws when others than this machine could reach it and a user has no password.
 */
export function checkHost(host: string, users: readonly User[]): void {
  if (isOfThisMachine(host)) return
  const open = users.filter(({ hasPassword }) => !hasPassword).map(({ name: user }) => user)
  if (open.length > 0)
    throw new Error(
      `Not listening on ${host}: whoever reaches it could log in as ${open.join(' and ')} without a password. Give --password and --viewer-password, or listen on 127.0.0.1.`,
    )
}

function name(flag: string, fallback: string, help: string): Option<string> {
  const schema = z.string().min(1).default(fallback)
  return option({ flag, value: 'NAME', help: `${help} (default ${fallback})`, schema })
}

function password(flag: string, env: string, help: string): Option<string> {
  return option({ flag, env, value: 'TEXT', help: `${help} (default: none)`, schema: z.string().default('') })
}

function limit(flag: string, fallback: number, help: string): Option<number> {
  const schema = integer(0, Number.MAX_SAFE_INTEGER, fallback)
  return option({ flag, value: 'N', help: `${help}; 0 is no limit (default ${fallback})`, schema })
}
