import { statfsSync } from 'node:fs'

/** Less than this is a full disk, bytes: ClickHouse and nats-server both need room to write anything at all. */
const freeBytesMin = 64 * 1024 * 1024

/** The free bytes of a folder's disk where they are too few; undefined where there are enough. */
export function lackOfSpace(folder: string): number | undefined {
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  return free < freeBytesMin ? free : undefined
}
