import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** What our own nats-server is started with. */
export interface NatsServerSettings {
  port: number
  storeFolder: string
  /** Bytes of the stream; the server gets a little more, for its own books. */
  queueBytes: number
  version: readonly [number, number]
}

/** Room beside the stream for the key-value bucket and the server's books, bytes. */
const bookkeepingBytes = 256 * 1024 * 1024

/** Name of the environment variable that carries the key of the encryption at rest. */
export const queueKeyVariable = 'PULSEHOUSE_NATS_STORE_KEY'

/**
 * The value of that variable. nats-server reads it as a word of its configuration, where a word that begins with a
 * digit may be taken for a number.
 */
export function queueKeyValue(queueKey: string): string {
  return `k${queueKey}`
}

/**
 * Writes the configuration of nats-server: loopback only, files encrypted at rest because the queue holds what
 * producers wrote, and each chunk on the disk before it is acknowledged, where the server can (2.10 and newer).
 */
export function writeNatsConfig(path: string, settings: NatsServerSettings): void {
  const { port, storeFolder, queueBytes, version } = settings
  const syncsAlways = version[0] > 2 || version[1] >= 10
  const lines = [
    `listen: "127.0.0.1:${port}"`,
    'server_name: "pulsehouse"',
    'max_payload: 1048576',
    'jetstream {',
    `  store_dir: ${JSON.stringify(storeFolder)}`,
    `  max_file_store: ${queueBytes + bookkeepingBytes}`,
    '  max_memory_store: 67108864',
    '  cipher: "aes"',
    `  key: $${queueKeyVariable}`,
    ...(syncsAlways ? ['  sync_interval: "always"'] : []),
    '}',
  ]
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${lines.join('\n')}\n`)
}
