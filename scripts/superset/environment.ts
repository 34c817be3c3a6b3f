import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findPython, type Python } from './find-python.js'
import { runStep } from './run-step.js'
import { serverFolder } from './server-folder.js'

const cacheFolder = join(import.meta.dirname, '../../../node_modules/.cache/pulsehouse')
const requirements = join(serverFolder, 'requirements.txt')
const installer = join(serverFolder, 'installer.txt')

/** An installation that takes longer has failed, milliseconds. */
const installTimeoutMs = 300_000

/** What an installation is told and tells. */
export interface Installation {
  /** The Python that the user names. */
  python: string | undefined
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  log: (text: string) => void
  /** Told once when something has to be fetched. */
  begin: () => void
}

/**
 * The virtual environment with Superset, made where there is none for this Python and these requirements. It lies beside
 * nats-server in the project's cache, for all data folders.
 *
 * @returns the environment's Python.
 * @throws when there is no Python that fits, or the packages can't be fetched; the message says what to do.
 */
export async function ensureEnvironment(wanted: Installation): Promise<string> {
  const python = await findPython(wanted.python)
  const target = folderFor(python)
  if (!existsSync(target)) {
    wanted.begin()
    await installInto(target, python, wanted)
  }
  return pythonOf(target)
}

/**
 * Whether there is an environment already.
 *
 * @throws when there is no Python that fits.
 */
export async function isInstalled(python: string | undefined): Promise<boolean> {
  return existsSync(folderFor(await findPython(python)))
}

function folderFor({ abi }: Python): string {
  const key = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16)
  return join(cacheFolder, `superset-${abi}-${key}`)
}

/** It is moved to its place when it is whole, so a killed installation leaves a draft, which the next one deletes. */
async function installInto(target: string, python: Python, wanted: Installation): Promise<void> {
  mkdirSync(cacheFolder, { recursive: true })
  deleteDrafts()
  const draft = `${target}.draft-${process.pid}`
  try {
    await install(draft, python, wanted)
    renameSync(draft, target)
  } catch (error) {
    // Two may install at the same time, and the first one wins.
    if (!existsSync(target)) throw error
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

async function install(draft: string, python: Python, { env, signal, log }: Installation): Promise<void> {
  const step = async (what: string, file: string, args: readonly string[]): Promise<void> =>
    runStep({ what, file, args, env, timeoutMs: installTimeoutMs, log, signal })
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check']
  await step('Making a virtual environment', python.path, ['-m', 'venv', draft])
  try {
    // uv takes a fifth of pip's time. It reads no settings of pip's: where those are needed, pip does it after all.
    const tools = join(draft, 'installer')
    await step('Fetching the installer', pythonOf(draft), [
      ...pip,
      '--require-hashes',
      '--target',
      tools,
      '--requirement',
      installer,
    ])
    const uv = ['pip', 'install', '--quiet', '--require-hashes', '--python', pythonOf(draft)]
    await step('Installing Superset', join(tools, 'bin/uv'), [...uv, '--requirement', requirements])
    rmSync(tools, { recursive: true })
  } catch (error) {
    signal.throwIfAborted()
    log(`${error instanceof Error ? error.message : String(error)}\nTrying it with pip.\n`)
    await step('Installing Superset, which needs a Python package index,', pythonOf(draft), [
      ...pip,
      '--require-hashes',
      '--requirement',
      requirements,
    ])
  }
}

function deleteDrafts(): void {
  for (const name of readdirSync(cacheFolder)) {
    const pid = /^superset-.*\.draft-(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(cacheFolder, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function pythonOf(environment: string): string {
  return join(environment, 'bin/python')
}
