import type { BlockInserter, Clickhouse, Logger, MuteStore, NatsLink } from '@pulsehouse/platform'
import type { IncidentChange } from '../incidents/incident.js'
import { alertBody } from './alert-body.js'
import { openAlertStore, type AlertStore } from './alert-store.js'
import { courierOf } from './courier.js'
import { DeliveryQueue } from './delivery-queue.js'
import { planAlerts } from './plan-alerts.js'
import type { Receiver } from './receiver.js'
import { retryPauseMs } from './retry-pause.js'
import { slackBody } from './slack-body.js'

/** What the desk works with. */
export interface AlertDeskParts {
  clickhouse: Clickhouse
  inserter: BlockInserter
  nats: NatsLink
  /** Each has a name of its own. */
  receivers: readonly Receiver[]
  /** The value of an environment variable; undefined where it is not set. */
  secretOf: (name: string) => string | undefined
  mutes: Pick<MuteStore, 'mutedUntil'>
  log: Logger
  /** Milliseconds since 1970. */
  nowMs: () => number
  /** Where people reach the API of this stack, for links; without it alerts have none. */
  publicUrl?: string | undefined
  /** The pause after so many failed attempts, milliseconds; from a second to five minutes, where nothing is said. */
  pauseMs?: (attempts: number) => number
}

/**
 * Tells people of incidents.
 *
 * An alert is a row of the table `alerts` before anything is sent, and its id follows from incident, change and receiver:
 * a change that is told again, after a crash too, makes no second alert. Each receiver has a queue of its own, which
 * delivers in order and tries again until the receiver has taken the alert or `give_up_hours` have passed since this
 * process began with it; one that is down delays no other. When the receiver has answered with success, the row becomes
 * `sent`. Who dies between the two sends that one alert again at the next start: more can't be had without the receiver's
 * help. So every message carries the alert's id, as `Idempotency-Key` (a header) and in its body.
 */
export interface AlertDesk {
  /**
   * Writes down who has to be told of changes of incidents, and has them told in the background.
   *
   * @returns when the alerts are stored.
   * @throws when ClickHouse did not take them; the same changes are to be told again then.
   */
  tell(changes: readonly IncidentChange[]): Promise<void>
  /** Ends attempts under way, within three seconds. What is pending is delivered after the next start. */
  close(): Promise<void>
}

/** Alerts of a receiver that is gone are given up so many at a time. */
const retiredPage = 500

/**
 * Opens the desk and takes up what was pending.
 *
 * @throws when a receiver's secret is missing or ClickHouse does not answer.
 */
export async function openAlertDesk(parts: AlertDeskParts): Promise<AlertDesk> {
  const { receivers, log, nowMs, pauseMs = (attempts) => retryPauseMs(attempts, Math.random()) } = parts
  const couriers = receivers.map((receiver) => courierOf(receiver, parts))
  const store = openAlertStore(parts.clickhouse, parts.inserter)
  await retireReceivers(store, receivers, log)
  const queues = receivers.map(({ name, give_up_hours: hours }, index) => {
    const courier = couriers[index]!
    const giveUpMs = hours * 3_600_000
    return new DeliveryQueue({ receiver: name, giveUpMs, courier, store, log, nowMs, pauseMs })
  })
  let last = Promise.resolve()
  return {
    tell: async (changes) => {
      // One after the other: the second must see what the first has written.
      const turn = last.then(async () => await tell(changes, parts, store))
      last = turn.catch(() => undefined)
      try {
        await turn
      } finally {
        // After a failure too: ClickHouse may have taken the alerts all the same.
        for (const queue of changes.length === 0 ? [] : queues) queue.wake()
      }
    },
    close: async () => {
      await Promise.all(queues.map(async (queue) => await queue.close()))
    },
  }
}

async function tell(
  changes: readonly IncidentChange[],
  { receivers, mutes, publicUrl }: AlertDeskParts,
  store: AlertStore,
): Promise<void> {
  if (changes.length === 0) return
  const known = await store.known([...new Set(changes.map(({ incident }) => incident.id))])
  const alerts = planAlerts(changes, {
    receivers,
    known,
    isMuted: (incident) => mutes.mutedUntil(incident) !== undefined,
    bodyFor: (receiver, id, told) => bodyFor(receiver, id, told, publicUrl),
  })
  if (alerts.length > 0) await store.write(alerts)
}

function bodyFor(
  receiver: Receiver,
  alertId: string,
  told: IncidentChange,
  publicUrl: string | undefined,
): string {
  const path = `/v1/incidents/${encodeURIComponent(told.incident.id)}`
  const url = publicUrl === undefined ? undefined : `${publicUrl.replace(/\/+$/, '')}${path}`
  const slack = receiver.type === 'webhook' && receiver.form === 'slack'
  return JSON.stringify(slack ? slackBody(alertId, told, url) : alertBody(alertId, told, url))
}

/** Whoever is no longer in the rules file is told nothing more; the rows say so. */
async function retireReceivers(
  store: AlertStore,
  receivers: readonly Receiver[],
  log: Logger,
): Promise<void> {
  const names = new Set(receivers.map(({ name }) => name))
  const retired = (await store.waiting()).filter((name) => !names.has(name))
  for (const receiver of retired) {
    log.warn({ receiver }, 'alerts to a receiver that is no longer in the rules file are given up')
    for (;;) {
      const alerts = await store.pending(receiver, retiredPage)
      if (alerts.length === 0) break
      const lastError = 'the receiver is no longer in the rules file'
      await store.write(
        alerts.map((alert) => ({ ...alert, version: alert.version + 1, state: 'given_up', lastError })),
      )
    }
  }
}
