/**
 * Confines this process to its own files with Landlock, a part of the Linux kernel. The engine has a function
 * `file()` that every user may call, and no setting turns it off. From here on it sees the folder of the tables,
 * where `user_files` is for it, and no other file of anybody.
 *
 * A thread may do what its maker may, and Node makes its pool, on which the engine runs, at the first import of a
 * module. So this file is loaded before all modules, by `node --require`, and takes the folder from the
 * environment. Where the kernel can't do it, the variable `EMBEDDED_CLICKHOUSE_CONFINED` stays unset.
 */
import fs = require('node:fs')
import path = require('node:path')
import ffi = require('ffi-rs')

const { I32, I64, U64, U8Array } = ffi.DataType

const numbers = { 'create ruleset': 444, 'add rule': 445, 'restrict self': 446 }

/** Landlock's rights as bits. */
const fileRights = {
  /** Run a file, read a file, list a folder. */
  read: bits(0, 2, 3),
  /** The same, and write, remove, make and move files, folders and pipes. */
  write: bits(0, 1, 2, 3, 4, 5, 7, 8, 10, 12, 13),
  /** Make devices and sockets: for nobody. */
  special: bits(6, 9, 11),
  truncate: bits(14),
  /** Those that a single file can have. */
  ofFile: bits(0, 1, 2, 14),
}

function bits(...numbers: number[]): bigint {
  return numbers.reduce((all, number) => all | (1n << BigInt(number)), 0n)
}

function confineTo(folders: string[]): boolean {
  for (const folder of folders) fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  ffi.open({ library: 'libc', path: 'libc.so.6' })
  const version = call('create ruleset', [0, 0, 1])
  // The first version that lets a file be renamed from one folder into another, as the engine does: Linux 5.19.
  if (version < 2) return false
  const writing = version < 3 ? fileRights.write : fileRights.write | fileRights.truncate
  const ruleset = call('create ruleset', [
    Buffer.from(BigUint64Array.of(writing | fileRights.special).buffer),
    8,
    0,
  ])
  for (const file of programPaths()) allow(ruleset, file, fileRights.read)
  for (const file of [...folders, '/dev/null']) allow(ruleset, file, writing)
  // The kernel wants a promise never to gain rights from a process that isn't root's.
  ffi.load({
    library: 'libc',
    funcName: 'prctl',
    retType: I32,
    paramsType: [I32, U64, U64, U64, U64],
    paramsValue: [38, 1, 0, 0, 0],
  })
  const confined = call('restrict self', [ruleset, 0]) === 0
  fs.closeSync(ruleset)
  return confined
}

/** The programs, their libraries, and what they look up about the machine; nothing of a user's. */
function programPaths(): string[] {
  const packages = path.join(__dirname, '../../..')
  const modules = require.resolve.paths('chdb') ?? []
  const compiled = fs.readdirSync(packages).flatMap((name) => [`${name}/dist`, `${name}/package.json`])
  // `task`, because each thread looks up its own times at each query, and a refusal costs the engine a millisecond.
  const process = ['auxv', 'cgroup', 'loginuid', 'maps', 'stat', 'statm', 'status', 'task'].map(
    (name) => `/proc/self/${name}`,
  )
  const system = [
    '/proc/meminfo',
    '/proc/cpuinfo',
    '/proc/sys/vm',
    '/sys/fs/cgroup',
    '/sys/devices/system',
    '/dev/urandom',
  ]
  const lookups = [
    'hosts',
    'host.conf',
    'nsswitch.conf',
    'resolv.conf',
    'ld.so.cache',
    'localtime',
    'ssl/certs',
    'ssl/openssl.cnf',
  ]
  return [
    ...modules,
    ...compiled.map((name) => path.join(packages, name)),
    '/usr/lib',
    '/usr/lib64',
    '/lib',
    '/lib64',
    '/usr/share/zoneinfo',
    '/usr/share/ca-certificates',
    ...process,
    ...system,
    ...lookups.map((name) => `/etc/${name}`),
  ]
}

/** Adds a path, and what is below it, to the rules. */
function allow(ruleset: number, file: string, rights: bigint): void {
  if (!fs.existsSync(file)) return
  const descriptor = fs.openSync(file, 'r')
  const rule = Buffer.alloc(12)
  rule.writeBigUInt64LE(fs.statSync(file).isDirectory() ? rights : rights & fileRights.ofFile, 0)
  rule.writeInt32LE(descriptor, 8)
  const added = call('add rule', [ruleset, 1, rule, 0])
  fs.closeSync(descriptor)
  if (added !== 0) throw new Error(`Landlock takes no rule for ${file}`)
}

/** Makes one of Landlock's system calls; their numbers are the same on all processors. */
function call(name: keyof typeof numbers, parameters: (number | Buffer)[]): number {
  return ffi.load({
    library: 'libc',
    funcName: 'syscall',
    retType: I64,
    paramsType: [I64, ...parameters.map((parameter) => (typeof parameter === 'number' ? I64 : U8Array))],
    paramsValue: [numbers[name], ...parameters],
  })
}

const folders = ['EMBEDDED_CLICKHOUSE_FOLDER', 'EMBEDDED_CLICKHOUSE_SPOOL', 'TMPDIR']
  .map((name) => process.env[name])
  .filter((folder) => folder !== undefined)
delete process.env['EMBEDDED_CLICKHOUSE_CONFINED']
if (folders.length === 3 && process.platform === 'linux' && confineTo(folders))
  process.env['EMBEDDED_CLICKHOUSE_CONFINED'] = '1'
