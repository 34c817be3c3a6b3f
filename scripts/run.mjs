// The door of every `npm run …`: plain JavaScript without a dependency, because on a fresh clone nothing is
// installed yet. It installs what is missing, compiles what has changed, then hands over to the command.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Which compiled module each command is. */
const commands = {
  start: 'scripts/dist/start/main.js',
  test: 'scripts/dist/test.js',
  verify: 'scripts/dist/verify/main.js',
  build: undefined,
  clickhouse: 'packages/embedded-clickhouse/dist/main.js',
  migrate: 'scripts/dist/migrate.js',
  generate: 'packages/generator/dist/main.js',
  ingest: 'packages/ingester/dist/main.js',
  detect: 'packages/detector/dist/main.js',
  api: 'packages/api/dist/main.js',
  superset: 'scripts/dist/superset.js',
  import: 'scripts/dist/import/main.js',
  accounting: 'scripts/dist/accounting.js',
  lag: 'scripts/dist/lag.js',
  rejected: 'scripts/dist/rejected.js',
  keys: 'scripts/dist/keys.js',
  chaos: 'scripts/dist/chaos/main.js',
  bench: 'scripts/dist/bench/main.js',
  catalog: 'scripts/dist/catalog.js',
  client: 'scripts/dist/client.js',
  dashboards: 'scripts/dist/dashboards.js',
  fuzz: 'scripts/dist/fuzz.js',
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  fail(
    `Pulsehouse needs Node.js 20.19 or newer and this is ${process.versions.node}: install a newer one from nodejs.org.`,
  )
}

/** npm writes the lock file that it installed into node_modules; another one there means an old install. */
function dependenciesAreInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional === true || present[path]?.version === entry.version,
  )
}

/** Runs a tool to its end; its output goes to standard error, so that a command's own output stays clean. */
function runOrFail(file, args, sentence) {
  const { status, error } = spawnSync(file, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (error || status !== 0) fail(error ? `${sentence} (${error.message})` : sentence)
}

const [name, ...args] = process.argv.slice(2)
if (!(name in commands))
  fail(`There is no command "${name}". There are: ${Object.keys(commands).join(', ')}.`)
checkNode()
if (!dependenciesAreInstalled()) {
  process.stderr.write(
    'Installing dependencies with npm ci (once; the ClickHouse engine is 570 MB unpacked)…\n',
  )
  runOrFail(
    'npm',
    ['ci', '--no-fund', '--no-audit'],
    'npm ci failed: see its message above; it needs the npm registry.',
  )
}
runOrFail(
  process.execPath,
  // The scripts stand on all packages; the tests are checked by `npm run verify`.
  [join(root, 'node_modules/typescript/bin/tsc'), '--build', join(root, 'scripts')],
  'The TypeScript sources do not compile: see the messages above.',
)
const module = commands[name]
if (module !== undefined) {
  // npm runs us in the project's root; a path on the command line is meant from where the user stands.
  process.chdir(
    process.env.INIT_CWD && existsSync(process.env.INIT_CWD) ? process.env.INIT_CWD : process.cwd(),
  )
  process.argv = [process.argv[0], join(root, module), ...args]
  await import(join(root, module))
}
