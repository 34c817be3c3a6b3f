import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Logger } from '@pulsehouse/platform'
import type { User } from '../access/users.js'
import { dataFolderAt } from '../engine/data-folder.js'
import { Engine } from '../engine/engine.js'
import { isForeignPage, isOfThisMachine } from './foreign-page.js'
import { Gate } from './gate.js'
import { limits } from '../limits.js'
import { lockFolder } from '../engine/lock.js'
import { addressOf } from './address.js'
import { answerClientError, refuseConnect } from './client-error.js'
import { answerQuery, setServerHeaders, type QueryContext } from './query-handler.js'
import { QueryLog } from '../query-log/query-log.js'
import { QueryLogTable } from '../query-log/query-log-table.js'
import { Sessions } from './sessions.js'
import { Spool, spoolFolderOf } from './spool.js'

/** Where the server listens and what it serves. */
export interface ServerOptions {
  dataDir: string
  /** 0 picks a free one. */
  port: number
  host: string
  users: readonly User[]
  /** What a viewer may read beside the engine's own databases; undefined for everything. */
  viewerDatabases?: readonly string[] | undefined
  /** How much the query log keeps, in bytes of JSON. */
  queryLogBytes: number
  log: Logger
}

/** The server in this process; there can be one only, the engine opens one folder in a process's life. */
export interface RunningServer {
  port: number
  /** No new requests; reads are cancelled. */
  stopListening(): Promise<void>
  /** What still runs ends, or the process does. */
  closeEngine(): Promise<void>
}

/**
 * Opens the data folder, then listens.
 *
 * @throws when another process has the folder or the port; the message says what to do.
 */
export async function serve({
  dataDir,
  port,
  host,
  users,
  viewerDatabases,
  queryLogBytes,
  log,
}: ServerOptions): Promise<RunningServer> {
  const unlock = lockFolder(dataDir)
  const folder = dataFolderAt(dataDir, spoolFolderOf(dataDir), viewerDatabases)
  const engine = await Engine.open(folder, log).catch((error: unknown) => {
    unlock()
    throw error
  })
  // Where `file()` and its like look for a name without a folder.
  process.chdir(folder.userFiles)
  const spool = new Spool(folder.spool)
  const queryLog = new QueryLog(await QueryLogTable.open(engine, spool, queryLogBytes), log)
  const stopping = new AbortController()
  const context: QueryContext = {
    engine,
    gate: new Gate(limits.runningMax, limits.waitingMax),
    sessions: new Sessions((sessionId) => engine.endSession(sessionId)),
    spool,
    queryLog,
    users,
    stopping: stopping.signal,
    onTheirWay: new Set(),
  }
  const answering = new Set<Promise<void>>()
  const isLocal = isOfThisMachine(host)
  const refuses = ({ headers }: IncomingMessage): boolean => isLocal && isForeignPage(headers)
  const server = createServer({
    requestTimeout: limits.requestTimeoutMs,
    highWaterMark: limits.bufferedBytes,
    keepAliveTimeout: limits.keepAliveMs,
    maxHeaderSize: limits.headerBytesMax,
    // HTTP asks for the header, but nothing here does.
    requireHostHeader: false,
  })
  server.on('request', (request, response) => {
    const answered = (
      refuses(request) ? refuseForeignPage(response) : route(context, request, response)
    ).catch((error: unknown) => {
      log.error({ err: error }, 'a request could not be answered')
      response.destroy()
    })
    answering.add(answered)
    void answered.finally(() => answering.delete(answered))
  })
  server.on('clientError', answerClientError)
  server.on('connect', (_, socket) => refuseConnect(socket))
  await listen(server, port, host).catch(async (error: unknown) => {
    await engine.close()
    unlock()
    throw error
  })
  return {
    port: portOf(server),
    async stopListening() {
      stopping.abort()
      for (const query of context.onTheirWay) query.abort()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      await before(limits.drainMs, emptied(answering))
      server.closeAllConnections()
      await closed
    },
    async closeEngine() {
      if (engine.running.size > 0) {
        log.warn({ running: [...engine.running] }, 'queries did not end in time; the process kills itself')
        // Exiting while the engine computes hangs for minutes (measured); what was acknowledged survives a kill.
        unlock()
        process.kill(process.pid, 'SIGKILL')
      }
      await queryLog.flush()
      await engine.close()
      unlock()
    },
  }
}

async function route(
  context: QueryContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  setServerHeaders(response)
  const { path, search } = addressOf(request.url)
  if (!['GET', 'HEAD', 'POST'].includes(request.method ?? ''))
    return finish(response, 405, `${request.method} is not served here: use GET or POST.\n`)
  if (path === '/ping' || path === '/replicas_status') return finish(response, 200, 'Ok.\n')
  if (path !== '/' && path !== '/query')
    return finish(response, 404, `There is no handle ${path}\n\nUse / or /ping for health checks.\n`)
  if (request.method !== 'POST' && !/(^|&)query=/.test(search)) return finish(response, 200, 'Ok.\n')
  await answerQuery(context, request, response, search)
}

async function refuseForeignPage(response: ServerResponse): Promise<void> {
  const sentence =
    'Code: 497. DB::Exception: A web page of another address may not ask this server: its Origin and its Host must be of this machine. (ACCESS_DENIED)\n'
  response
    .writeHead(403, { 'Content-Type': 'text/plain; charset=UTF-8', 'X-ClickHouse-Exception-Code': '497' })
    .end(sentence)
}

function finish(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=UTF-8' }).end(text)
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${port} on ${host} is taken: stop what listens there, or give another one with --port.`,
            )
          : error,
      ),
    )
    server.listen(port, host, resolve)
  })
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return address.port
}

/** Waits until a set is empty, whatever is added meanwhile. */
async function emptied(work: ReadonlySet<Promise<void>>): Promise<void> {
  while (work.size > 0) await Promise.all(work)
}

/** Waits for work, but no longer than a time in milliseconds. */
async function before(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))])
  clearTimeout(timer)
}
