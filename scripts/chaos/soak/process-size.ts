import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** What a process takes at a moment. */
export interface ProcessSize {
  /** Since the start of the soak, in seconds. */
  atS: number
  /** Resident memory without what it shares through files in memory, which hold inserts on their way. */
  residentBytes: number
  /** All of its resident memory. */
  residentAllBytes: number
  /** Open files and connections. */
  files: number
  threads: number
}

/** Whether this system says what its processes take. */
export const sizesAreKnown = existsSync('/proc/self/status')

/** Measures a process. @throws when it is gone. */
export function sizeOf(pid: number, atS: number): ProcessSize {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  const residentAllBytes = field('VmRSS') * 1024
  return {
    atS,
    residentAllBytes,
    residentBytes: residentAllBytes - field('RssShmem') * 1024,
    files: readdirSync(`/proc/${pid}/fd`).length,
    threads: field('Threads'),
  }
}

const memoryFolder = '/dev/shm/'

/** Places in memory that a process has been given or has open: nothing may be left in them when it has ended. */
export function placesInMemory(pid: number): string[] {
  const given = readFileSync(`/proc/${pid}/environ`, 'utf8').match(/\/dev\/shm\/[^\0":]+/g) ?? []
  const open = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`)
    } catch {
      return ''
    }
  })
  return [...given, ...open.filter((path) => path.startsWith(memoryFolder) && !path.endsWith(' (deleted)'))]
}

/** Files in these places, or the places themselves where they are files. */
export function leftIn(places: Iterable<string>): string[] {
  return [...places]
    .filter((place) => existsSync(place))
    .flatMap((place) => {
      try {
        return readdirSync(place).map((name) => `${place}/${name}`)
      } catch {
        return [place]
      }
    })
}
