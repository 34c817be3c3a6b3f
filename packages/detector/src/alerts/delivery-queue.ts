import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@pulsehouse/platform'
import type { AlertStore } from './alert-store.js'
import type { Alert } from './alert.js'
import type { Courier } from './courier.js'
import type { Delivery } from './delivery.js'
import { retryPauseMaxMs } from './retry-pause.js'

/** What a queue works with. */
export interface DeliveryQueueParts {
  /** The receiver's name. */
  receiver: string
  /** An alert that can't be delivered for so long is given up. */
  giveUpMs: number
  courier: Courier
  store: AlertStore
  log: Logger
  nowMs: () => number
  /** The pause after so many failed attempts, milliseconds. */
  pauseMs: (attempts: number) => number
}

type Failure = Extract<Delivery, { sent: false }>

/** Alerts that are read from the table at once. */
const pageAlerts = 50
/** Failures are written to the table and the log so often at the most, milliseconds. */
const reportEveryMs = 60_000
/** A message that its receiver refuses holds up those behind it for so long at the most, milliseconds. */
const refusedMaxMs = 3_600_000
/** An attempt under way may take so long to end when the queue is closed, milliseconds. */
const closeGraceMs = 3_000

/**
 * The alerts of one receiver, brought to it one after the other. The queue is the table itself: what is pending there is
 * read and delivered in order, so nothing is forgotten in a crash, and however much has piled up, memory holds a page.
 */
export class DeliveryQueue {
  readonly #parts: DeliveryQueueParts
  readonly #closing = new AbortController()
  readonly #giveUp = new AbortController()
  readonly #ended: Promise<void>
  #woken = true
  #wake: () => void = () => undefined

  constructor(parts: DeliveryQueueParts) {
    this.#parts = parts
    this.#ended = this.#run()
  }

  /** Has the table read again: there may be alerts in it. */
  wake(): void {
    this.#woken = true
    this.#wake()
  }

  /** Lets an attempt under way come to its end, for a while. What is pending stays so. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#wake()
    const grace = setTimeout(() => this.#giveUp.abort(), closeGraceMs)
    await this.#ended
    clearTimeout(grace)
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      if (!this.#woken) await new Promise<void>((resolve) => (this.#wake = resolve))
      this.#woken = false
      await this.#deliverAll()
    }
  }

  async #deliverAll(): Promise<void> {
    while (!this.#closed) {
      const { store, receiver } = this.#parts
      const page = await this.#insist('read', async () => await store.pending(receiver, pageAlerts))
      if (page === undefined || page.length === 0) return
      for (const alert of page) {
        if (this.#closed) return
        await this.#deliver(alert)
      }
    }
  }

  /** Tries until the alert is delivered or given up; those behind it wait, so that none overtakes another. */
  async #deliver(alert: Alert): Promise<void> {
    const { courier, nowMs, pauseMs } = this.#parts
    const begunMs = nowMs()
    let reportedMs = -Infinity
    let now = alert
    while (!this.#closed) {
      const delivery = await courier(now, this.#giveUp.signal)
      if (!delivery.sent && this.#giveUp.signal.aborted) return
      now = { ...now, attempts: now.attempts + 1 }
      if (delivery.sent) return await this.#write({ ...now, state: 'sent', sentMs: nowMs() })
      now = { ...now, lastError: delivery.reason }
      if (nowMs() - begunMs >= this.#patienceMs(delivery)) return await this.#abandon(now)
      if (nowMs() - reportedMs >= reportEveryMs) {
        now = await this.#report(now)
        reportedMs = nowMs()
      }
      const askedMs = Math.min(delivery.retryAfterMs ?? 0, retryPauseMaxMs)
      await this.#pause(Math.max(pauseMs(now.attempts), askedMs))
    }
  }

  #patienceMs({ refused = false }: Failure): number {
    const { giveUpMs } = this.#parts
    return refused ? Math.min(giveUpMs, refusedMaxMs) : giveUpMs
  }

  async #abandon(alert: Alert): Promise<void> {
    this.#parts.log.error(this.#fieldsOf(alert), 'an alert was given up: its receiver did not take it')
    await this.#write({ ...alert, state: 'given_up' })
  }

  async #report(alert: Alert): Promise<Alert> {
    this.#parts.log.warn(this.#fieldsOf(alert), 'an alert could not be delivered; trying again')
    await this.#write(alert)
    return { ...alert, version: alert.version + 1 }
  }

  #fieldsOf({ id, receiver, change, attempts, lastError }: Alert): object {
    return { alert: id, receiver, change, attempts, reason: lastError }
  }

  async #write(alert: Alert): Promise<void> {
    const next = { ...alert, version: alert.version + 1 }
    await this.#insist('written', async () => await this.#parts.store.write([next]))
  }

  /** Tries until it works, at least once. @returns undefined where the queue was closed before it did. */
  async #insist<T>(what: 'read' | 'written', act: () => Promise<T>): Promise<T | undefined> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await act()
      } catch (error) {
        const { log, receiver, pauseMs } = this.#parts
        log.warn({ err: error, receiver }, `alerts can't be ${what} in ClickHouse; trying again`)
        await this.#pause(pauseMs(attempts))
        if (this.#closed) return undefined
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined)
  }
}
