import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A Python that Superset can run on. */
export interface Python {
  path: string
  /** What its compiled packages are made for: `cpython-311-x86_64-linux-gnu`. */
  abi: string
}

/** Superset 6.1 stands on pandas 2.1, which has no build for a Python after 3.12. */
const needed = 'Python 3.10, 3.11 or 3.12'
const candidates = ['python3', 'python3.12', 'python3.11', 'python3.10']
const answerTimeoutMs = 20_000

/** Prints what is missing, or nothing, and the name of the binary interface. */
const probe = `
import importlib.util, sys, sysconfig
version = '.'.join(map(str, sys.version_info[:2]))
fits = (3, 10) <= sys.version_info[:2] <= (3, 12)
missing = '' if fits else 'is ' + version
if fits:
    gone = [name for name in ('venv', 'ensurepip', 'sqlite3') if importlib.util.find_spec(name) is None]
    missing = 'lacks ' + ', '.join(gone) if gone else ''
print(missing + ';' + version + ';' + str(sysconfig.get_config_var('SOABI')))
`

/**
 * Finds a Python for Superset.
 *
 * @param wanted the only one to look at, where the user names one.
 * @throws a sentence that says what to install where there is none.
 */
export async function findPython(wanted: string | undefined): Promise<Python> {
  const found: string[] = []
  let incomplete: string | undefined
  for (const path of wanted === undefined ? candidates : [wanted]) {
    const answer = await ask(path)
    if (answer === undefined) continue
    const [missing = '', version = '', abi = ''] = answer.split(';')
    if (missing === '') return { path, abi }
    // Another one may be whole; where none is, this one lacks the least.
    if (missing.includes('ensurepip'))
      incomplete ??= `${path} can't make virtual environments (it ${missing}): install that part of it, on Debian and Ubuntu with apt-get install python${version}-venv.`
    found.push(`${path} ${missing}`)
  }
  if (incomplete !== undefined) throw new Error(incomplete)
  const why = found.length === 0 ? `there is no ${wanted ?? 'python3'}` : found.join(', ')
  throw new Error(
    `Superset needs ${needed} with venv (${why}): install it, on Debian and Ubuntu with apt-get install python3 python3-venv, or name one with --python.`,
  )
}

async function ask(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, ['-I', '-c', probe], { timeout: answerTimeoutMs })
    return stdout.trim()
  } catch {
    // Not there, or a name that leads nowhere: the next one is asked.
    return undefined
  }
}
