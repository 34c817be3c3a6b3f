import { readFileSync } from 'node:fs'

/** The most memory that a running process has had resident, MiB; unknown where there is no /proc. */
export function peakMemoryMiB(pid: number): number | undefined {
  try {
    const [, kib] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kib === undefined ? undefined : Number(kib) / 1024
  } catch {
    return undefined
  }
}
