import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { keyStream, type dataFolder } from '@pulsehouse/platform'

/**
 * Deletes queue, tables and logs. The keys of the API stay, or whoever uses one would be locked out: they lie among
 * nats-server's files beside the queue, a folder a stream. Nothing may be running on the data folder.
 */
export function deleteStored(folder: ReturnType<typeof dataFolder>): void {
  const streams = join(folder.nats, 'jetstream/$G/streams')
  const ours = existsSync(streams) ? readdirSync(streams).filter((name) => name !== keyStream) : []
  for (const path of [folder.clickhouse, folder.logs, ...ours.map((name) => join(streams, name))])
    rmSync(path, { recursive: true, force: true })
}
