import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const requirements = join(import.meta.dirname, 'requirements.txt')
const cacheFolder = join(import.meta.dirname, '../../../../node_modules/.cache/pulsehouse')

/** A download that takes longer than this has failed, milliseconds. */
const downloadTimeoutMs = 150_000

/**
 * Installs the pinned packages into a folder of their own, once for every Python and every requirements.txt. Not a
 * virtual environment: Debian's python3 can't make one unless python3-venv is there, and pip is needed anyway.
 *
 * @returns the folder, for PYTHONPATH.
 * @throws when Python or pip are missing or too old, or the packages can't be fetched; the message says what to do.
 */
export async function installDriver(): Promise<string> {
  const python = await pythonVersion()
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16)
  const target = join(cacheFolder, `clickhouse-connect-${python}-${wanted}`)
  if (!existsSync(target)) await fetchInto(target)
  return target
}

async function pythonVersion(): Promise<string> {
  const script =
    'import sys, sysconfig; print(sys.version_info >= (3, 10), sysconfig.get_config_var("SOABI"))'
  const { stdout } = await run('python3', ['-c', script]).catch((error: unknown) => {
    throw new Error(`There is no python3 (${lastLine(error)}): install Python 3.10 or newer with pip.`)
  })
  const [enough, version = ''] = stdout.trim().split(' ')
  if (enough !== 'True') throw new Error(`python3 is too old (${version}): install Python 3.10 or newer.`)
  return version
}

async function fetchInto(target: string): Promise<void> {
  await run('python3', ['-m', 'pip', '--version']).catch(() => {
    throw new Error(
      'python3 has no pip: install it, on Debian and Ubuntu with `apt-get install python3-pip`.',
    )
  })
  mkdirSync(cacheFolder, { recursive: true })
  // Two test runs may install at the same time: each into a draft, and the first one wins.
  const draft = `${target}.${process.pid}`
  const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--require-hashes']
  try {
    await run(
      'python3',
      ['-m', 'pip', 'install', ...options, '--target', draft, '--requirement', requirements],
      {
        timeout: downloadTimeoutMs,
      },
    ).catch((error: unknown) => {
      throw new Error(
        `clickhouse-connect could not be installed; pip needs its package index: ${lastLine(error)}`,
      )
    })
    renameSync(draft, target)
  } catch (error) {
    if (!existsSync(target)) throw error
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error && error.stderr ? error.stderr : error
  return String(text).trim().split('\n').at(-1) ?? ''
}
