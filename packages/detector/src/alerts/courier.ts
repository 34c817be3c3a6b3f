import { publishMessage, type Logger, type NatsLink } from '@pulsehouse/platform'
import { z } from 'zod'
import type { Alert } from './alert.js'
import type { Delivery } from './delivery.js'
import type { Receiver } from './receiver.js'
import { sendToWebhook } from './send-to-webhook.js'

/** Brings alerts to one receiver. It never throws. */
export type Courier = (alert: Alert, signal: AbortSignal) => Promise<Delivery>

/** What couriers need. */
export interface CourierParts {
  nats: NatsLink
  log: Logger
  nowMs: () => number
  /** The value of an environment variable; undefined where it is not set. */
  secretOf: (name: string) => string | undefined
}

/** The server of NATS has this long to take an alert, milliseconds. */
const natsTimeoutMs = 5_000

const loggedBody = z.object({
  text: z.string(),
  incident: z.object({ summary: z.string() }).optional(),
})

/** @throws when the receiver's secret is missing. */
export function courierOf(receiver: Receiver, parts: CourierParts): Courier {
  switch (receiver.type) {
    case 'webhook': {
      const secret = secretFor(receiver, parts.secretOf)
      return async (alert, signal) =>
        await sendToWebhook(receiver, alert, { secret, nowMs: parts.nowMs, signal })
    }
    case 'nats':
      return async (alert) => await sendToNats(parts.nats, receiver.subject, alert)
    case 'log':
      return (alert) => Promise.resolve(sendToLog(parts.log, alert))
  }
}

function secretFor(
  { name, secret_env: variable }: Extract<Receiver, { type: 'webhook' }>,
  secretOf: CourierParts['secretOf'],
): string | undefined {
  if (variable === undefined) return undefined
  const secret = secretOf(variable)
  if (secret) return secret
  throw new Error(
    `The receiver ${name} signs its alerts with the secret in the environment variable ${variable}: set it.`,
  )
}

/** A stream that somebody has made for the subject tells a repetition by the alert's id. */
async function sendToNats(nats: NatsLink, subject: string, { id, body }: Alert): Promise<Delivery> {
  const headers = { 'Nats-Msg-Id': id, 'Idempotency-Key': id, 'Content-Type': 'application/json' }
  try {
    await publishMessage(nats, { subject, payload: body, headers }, natsTimeoutMs)
    return { sent: true }
  } catch (error) {
    return { sent: false, reason: `NATS: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function sendToLog(log: Logger, { id, incidentId, change, severity, body }: Alert): Delivery {
  const { text, incident } = loggedBody.parse(JSON.parse(body))
  const fields = { alert: id, incident: incidentId, change, severity, summary: incident?.summary }
  if (change === 'resolved' || severity === 'info') log.info(fields, text)
  else log.warn(fields, text)
  return { sent: true }
}
