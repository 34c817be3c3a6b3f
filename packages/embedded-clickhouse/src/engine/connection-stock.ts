import { limits } from '../limits.js'
import type { Job } from './job.js'
import { closeConnection, type Connection } from './library.js'
import { connect } from './prepare.js'

/** A connection for one query at a time. */
export interface Lease {
  connection: Connection
  /**
   * What finds its query among the running ones: the engine gives a query no id of ours, but it shows the settings that
   * its connection has been opened with.
   */
  key: string
  /** Connections with the same settings, by which a used one is found again. */
  kind: string
  /** How many queries it has run. */
  uses: number
}

/**
 * Connections that are as they were when they were opened, for the next query: opening one takes as long as a third of
 * a short query. Only what has run nothing but a query without settings comes back.
 */
export class ConnectionStock {
  readonly #free = new Map<string, Lease[]>()
  #lastKey = 0

  /** @param path the engine's folder. */
  constructor(private readonly path: string) {}

  /** A connection with a job's limits; `resultBytesMax` of 0 is no limit. */
  take(job: Job, resultBytesMax: number): Lease {
    const kind = `${resultBytesMax} ${job.user.name}`
    return this.#free.get(kind)?.pop() ?? this.#open(job, resultBytesMax, kind)
  }

  /** A connection for a session: it is not given back. */
  open(job: Job): Lease {
    return this.#open(job, 0, '')
  }

  /** @param isClean whether nothing has been changed on it. */
  giveBack(lease: Lease, isClean: boolean): void {
    lease.uses += 1
    const free = this.#free.get(lease.kind) ?? []
    if (!isClean || lease.uses >= limits.connectionUsesMax || free.length >= limits.connectionsKept)
      return closeConnection(lease.connection)
    this.#free.set(lease.kind, free)
    free.push(lease)
  }

  /** Closes those that wait. */
  close(): void {
    for (const leases of this.#free.values()) for (const { connection } of leases) closeConnection(connection)
    this.#free.clear()
  }

  #open(job: Job, resultBytesMax: number, kind: string): Lease {
    this.#lastKey += 1
    const key = `connection ${this.#lastKey}`
    const connection = connect(this.path, job.user.limits, key, [`--max_result_bytes=${resultBytesMax}`])
    return { connection, key, kind, uses: 0 }
  }
}

/** Whether a job leaves a connection as it was. */
export function leavesNoTrace(job: Job): boolean {
  return (
    job.user.role === 'administrator' &&
    job.database === undefined &&
    job.settings.length + job.params.length + job.tables.length + job.roles.length === 0 &&
    !/settings/i.test(job.sql)
  )
}
