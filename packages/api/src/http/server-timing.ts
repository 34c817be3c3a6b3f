import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clickhouse } from '@pulsehouse/platform'
import type { MiddlewareHandler } from 'hono'

/** The time in which at least one question of a request waits for its answer, milliseconds. */
class WaitingTime {
  #waiting = 0
  #sinceMs = 0
  #endedMs = 0

  /** Counts the time until something has answered; questions at the same time count once. */
  async during<T>(answer: Promise<T>): Promise<T> {
    if (this.#waiting === 0) this.#sinceMs = performance.now()
    this.#waiting += 1
    try {
      return await answer
    } finally {
      this.#waiting -= 1
      if (this.#waiting === 0) this.#endedMs += performance.now() - this.#sinceMs
    }
  }

  /** What has been waited for until now, milliseconds. */
  get totalMs(): number {
    return this.#endedMs + (this.#waiting > 0 ? performance.now() - this.#sinceMs : 0)
  }
}

/** Tells in each answer where its time went. */
export interface ServerTiming {
  /** Writes the header `Server-Timing`: `db` is the time in ClickHouse, `app` is ours, `total` is both. */
  middleware: MiddlewareHandler
  /** A ClickHouse whose questions are counted for the request that asks them. */
  watched(clickhouse: Clickhouse): Clickhouse
}

/** An answer that is streamed tells the time until its first byte. */
export function createServerTiming(): ServerTiming {
  const requests = new AsyncLocalStorage<WaitingTime>()
  return {
    middleware: async (context, next) => {
      const startMs = performance.now()
      const database = new WaitingTime()
      await requests.run(database, next)
      const totalMs = performance.now() - startMs
      const timing = { db: database.totalMs, app: totalMs - database.totalMs, total: totalMs }
      const header = Object.entries(timing).map(([name, ms]) => `${name};dur=${Math.max(ms, 0).toFixed(1)}`)
      context.res.headers.set('Server-Timing', header.join(', '))
    },
    watched: (clickhouse) => ({
      ...clickhouse,
      query: async <Row>(...given: Parameters<Clickhouse['query']>) => {
        const answer = clickhouse.query<Row>(...given)
        return await (requests.getStore()?.during(answer) ?? answer)
      },
      stream: async (...given) => {
        const answer = clickhouse.stream(...given)
        return await (requests.getStore()?.during(answer) ?? answer)
      },
    }),
  }
}
