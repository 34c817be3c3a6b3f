import { idText } from '../traffic/ids.js'
import type { LineWriter } from './json-line.js'
import { isOwnPage, shopOrigin } from '../shop/shop-origin.js'
import type { ShopEvent } from '../traffic/shop-event.js'
import { createTimestamp } from './timestamp.js'

/**
 * Writes events in the line format of the old shop application: 24 fields separated by ` | `. It has no zone in
 * its timestamps, seconds instead of milliseconds, and `Direct Entry` for no referrer; what an event does not
 * have stays empty after its label.
 */
export function createPipeLine(): LineWriter {
  const timestamp = createTimestamp()
  return (out, event) => {
    timestamp(out, event.atUs)
    const { who, outcome, server } = event
    const { credentials } = who
    const responseUs = event.dbUs + event.serverUs + event.networkUs
    const fields = [
      '',
      outcome.level,
      `req_${idText(event.requestId)}`,
      `session_${idText(who.sessionId)}`,
      who.user.id,
      event.deed.action,
      event.deed.method,
      event.url,
      `Referrer: ${referrerOf(event)}`,
      `IP: ${who.user.ipAddress}`,
      `Agent: ${who.user.userAgent}`,
      `Response Time: ${responseUs / 1e6}s`,
      `Product ID: ${event.product?.id ?? ''}`,
      `Cart Size: ${event.cartSize ?? 0}`,
      `Checkout Status: ${event.checkoutStatus ?? ''}`,
      `Token: ${who.token === undefined ? '' : `token_${idText(who.token)}`}`,
      `Auth Method: ${credentials.authMethod ?? ''}`,
      `Auth Level: ${credentials.authLevel ?? ''}`,
      `Correlation ID: corr_${idText(event.correlationId)}`,
      `Server IP: ${server.serverIp}`,
      `Port: ${server.port}`,
      `Protocol: ${server.protocol}`,
      `${outcome.statusCode} ${outcome.statusText}`,
      `Detail: ${outcome.detail}`,
    ]
    out.text(`${fields.join(' | ')}\n`)
  }
}

function referrerOf({ referrer }: ShopEvent): string {
  if (referrer === undefined) return 'Direct Entry'
  return isOwnPage(referrer) ? shopOrigin + referrer : referrer
}
