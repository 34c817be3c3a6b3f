import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { isFree } from '../free-port.js'

/** A port that the stack wants, and the option that moves it. */
export interface WantedPort {
  port: number
  purpose: string
  option: string
}

/**
 * Proves that the ports are free on loopback.
 *
 * @throws with a line for every port that is not: by what it is taken, and which option changes it.
 */
export async function checkPorts(wanted: readonly WantedPort[]): Promise<void> {
  const taken: string[] = []
  for (const { port, purpose, option } of wanted) {
    if (await isFree(port)) continue
    taken.push(
      `Port ${port} (${purpose}) is taken by ${holderOf(port)}: stop it, or choose another with ${option}.`,
    )
  }
  const twice = wanted.filter(({ port }, index) => wanted.findIndex((other) => other.port === port) !== index)
  for (const { port, purpose, option } of twice) {
    taken.push(`Port ${port} is wanted twice, also for ${purpose}: choose another with ${option}.`)
  }
  if (taken.length > 0) throw new Error(taken.join('\n'))
}

/** Name and id of the process that listens on a port, as far as this system tells. */
function holderOf(port: number): string {
  try {
    const inodes = listeningInodes(port)
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (holdsSocket(pid, inodes)) return `${commandOf(pid)} (process ${pid})`
    }
  } catch {
    // Not Linux, or not allowed to look: the port is taken all the same.
  }
  return 'another program'
}

/** Inodes of the sockets that listen on a port; `/proc/net/tcp` has ports in hexadecimal and 0A for listening. */
function listeningInodes(port: number): Set<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readFileSync(file, 'utf8').split('\n').slice(1),
  )
  const columns = lines.map((line) => line.trim().split(/\s+/))
  return new Set(
    columns
      .filter(([, local = '', , state]) => local.endsWith(suffix) && state === '0A')
      .map((column) => `socket:[${column[9]}]`),
  )
}

function holdsSocket(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => inodes.has(readlinkSync(`/proc/${pid}/fd/${fd}`)))
  } catch {
    // The process has ended meanwhile, or is somebody else's.
    return false
  }
}

function commandOf(pid: string): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
  const [program = 'a process without a name', ...rest] = words
  const script = rest.find((word) => !word.startsWith('-'))
  return script === undefined ? program : `${program} ${script}`
}
