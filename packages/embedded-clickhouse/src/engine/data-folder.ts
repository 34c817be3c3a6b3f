import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { totalmem } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { limits } from '../limits.js'

/** The folders and files below a data folder that the engine is opened with. */
export interface DataFolder {
  root: string
  /** Tables and their descriptions. */
  engine: string
  /** The engine's configuration. */
  configuration: string
  /** The only files that `file()` and its like may read and write, as on a server. */
  userFiles: string
  /** Data of inserts on their way into the engine. */
  spool: string
  /** What a viewer may read beside the engine's own tables; undefined for everything. */
  viewerDatabases: readonly string[] | undefined
}

/** Where things are, without making them. */
export function dataFolderAt(
  dataDir: string,
  spool: string,
  viewerDatabases?: readonly string[],
): DataFolder {
  return {
    root: dataDir,
    engine: join(dataDir, 'engine'),
    configuration: join(dataDir, 'server.xml'),
    userFiles: join(dataDir, 'user_files'),
    spool,
    viewerDatabases,
  }
}

/** Makes what is missing and writes the configuration; the engine must not be open. */
export function prepareDataFolder(folder: DataFolder): void {
  for (const path of [join(folder.engine, 'metadata'), folder.userFiles, folder.spool])
    mkdirSync(path, { recursive: true, mode: 0o700 })
  const users = join(folder.engine, '../users.xml')
  writeFileSync(users, usersConfiguration(folder.viewerDatabases))
  writeFileSync(folder.configuration, serverConfiguration(users))
  describeDatabases(folder.engine)
}

/**
 * Remembers which engine wrote a folder.
 *
 * @throws when a newer one did: what it wrote may not be readable.
 */
export function checkEngineVersion(dataDir: string, version: string): void {
  const file = join(dataDir, 'engine.json')
  // A file that a kill has cut short says nothing, and is written again.
  const writtenBy = existsSync(file) ? /"(\d+\.\d+[\d.]*)"/.exec(readFileSync(file, 'utf8'))?.[1] : undefined
  if (writtenBy !== undefined && isNewer(writtenBy, version))
    throw new Error(
      `${dataDir} was written by engine ${writtenBy} and this one is ${version}: update Pulsehouse with npm ci, or give another folder with --data.`,
    )
  if (writtenBy !== version) writeFileSync(file, `${JSON.stringify({ version })}\n`)
}

/** Years and months: what an engine writes stays readable within one. */
function isNewer(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map(Number)
  return major > thanMajor || (major === thanMajor && minor > thanMinor)
}

/**
 * The engine's library makes `default` a database in which every file of the machine is a table, named by its
 * path, and keeps `system` in memory. Here they are described by files and so are what they are on a server;
 * the database of files is called `_files`, and only the administrator sees it.
 *
 * The library takes the id of its database from the link that the engine makes beside the file of `default`, so
 * that link has to be gone at every start; the engine makes it anew.
 */
function describeDatabases(engineFolder: string): void {
  const link = join(engineFolder, 'metadata/default')
  describe(join(engineFolder, 'metadata/default.sql'), linkTarget(link) ?? randomUUID())
  describe(join(engineFolder, 'metadata/system.sql'), randomUUID())
  rmSync(link, { force: true })
}

function describe(file: string, id: string): void {
  if (!existsSync(file)) writeFileSync(file, `ATTACH DATABASE _ UUID '${id}'\nENGINE = Atomic\n`)
}

function linkTarget(link: string): string | undefined {
  try {
    return basename(readlinkSync(link))
  } catch {
    return undefined
  }
}

function serverConfiguration(users: string): string {
  const machineBytes = Math.min(totalmem(), process.constrainedMemory() || Infinity)
  return `<clickhouse>
  <max_server_memory_usage>${Math.floor(machineBytes * limits.memoryShare)}</max_server_memory_usage>
  <users_config>${users}</users_config>
  <default_database>_files</default_database>
  <database>default</database>
</clickhouse>
`
}

/**
 * The engine knows one user, who may do nothing by himself. A role that a connection takes says what it may: the
 * engine then refuses the rest, wherever in a statement it stands.
 */
function usersConfiguration(viewerDatabases: readonly string[] | undefined): string {
  return `<clickhouse>
  <profiles><default/></profiles>
  <quotas><default/></quotas>
  <roles>
    <administrator><grants><query>GRANT ALL ON *.* WITH GRANT OPTION</query></grants></administrator>
    <viewer>
      <grants>
${viewerGrants(viewerDatabases)}
        <query>REVOKE ALL ON _files.*</query>
        <query>REVOKE ALL ON _server.*</query>
      </grants>
    </viewer>
  </roles>
  <users>
    <default>
      <password/>
      <networks><ip>::/0</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants><query>GRANT administrator, viewer</query></grants>
    </default>
  </users>
</clickhouse>
`
}

function viewerGrants(databases: readonly string[] | undefined): string {
  const all = databases === undefined ? ['*'] : [...databases, ...ownDatabases].map((name) => `\`${name}\``)
  return all.map((name) => `        <query>GRANT SELECT, SHOW ON ${name}.*</query>`).join('\n')
}

/** The engine's own databases: what there is, and what it does. */
const ownDatabases = ['system', 'INFORMATION_SCHEMA', 'information_schema']

/**
 * Makes a folder and those above it. Not by Node's own recursive way, which never ends where the system has no place for
 * a folder, as in /proc.
 *
 * @throws a sentence that says which folder could not be made.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`The folder ${path} can't be made: give another one with --data. (${why})`, {
      cause: error,
    })
  }
}
