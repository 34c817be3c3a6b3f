import { connect, Events, type JetStreamClient, type JetStreamManager, type NatsConnection } from 'nats'
import type { Logger } from '../logger.js'

/** An open connection to NATS with JetStream. The rest of the project sees NATS only through this folder. */
export interface NatsLink {
  /** For this folder only. */
  connection: NatsConnection
  jetstream: JetStreamClient
  manager: JetStreamManager
  /** Has something called whenever the connection is back. @returns ends that. */
  onReconnect(listener: () => void): () => void
  /** Sends what is still buffered, then closes. */
  close(): Promise<void>
}

/** How long one request to the server may take, in milliseconds. */
const requestTimeoutMs = 5_000

/**
 * Connects to NATS and keeps the connection through restarts of the server.
 *
 * @throws when no server answers or it has no JetStream; the message says what to do.
 */
export async function connectNats(options: { url: string; name: string; log: Logger }): Promise<NatsLink> {
  const { url, name, log } = options
  const connection = await connectOrExplain(url, name)
  const listeners = new Set<() => void>()
  void followStatus(connection, log, listeners)
  try {
    const manager = await connection.jetstreamManager({ timeout: requestTimeoutMs })
    const jetstream = connection.jetstream({ timeout: requestTimeoutMs })
    const close = async (): Promise<void> => {
      if (!connection.isClosed()) await connection.drain()
    }
    const onReconnect = (listener: () => void): (() => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
    return { connection, jetstream, manager, onReconnect, close }
  } catch (cause) {
    await connection.close()
    throw new Error(`The NATS server at ${url} has no JetStream; start it with the option -js.`, { cause })
  }
}

async function connectOrExplain(url: string, name: string): Promise<NatsConnection> {
  try {
    return await connect({
      servers: url,
      name,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      timeout: requestTimeoutMs,
    })
  } catch (cause) {
    throw new Error(`No NATS server answers at ${url}; run npm start, or name one with --nats-url.`, {
      cause,
    })
  }
}

async function followStatus(
  connection: NatsConnection,
  log: Logger,
  listeners: ReadonlySet<() => void>,
): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === Events.Disconnect) log.warn('NATS is gone; reconnecting')
    if (status.type !== Events.Reconnect) continue
    log.info('NATS is back')
    for (const listener of listeners) listener()
  }
}
