import { piece, type ByteWriter } from './byte-writer.js'
import type { ShopEvent } from '../traffic/shop-event.js'
import type { Identity } from '../shop/identity.js'
import { isOwnPage, shopOrigin } from '../shop/shop-origin.js'
import { createTimestamp } from './timestamp.js'

/** Writes an event as one line of plain ASCII, with its line feed. */
export type LineWriter = (out: ByteWriter, event: ShopEvent) => void

const requestId = piece('Z","request_id":"req_')
const sessionId = piece('","session_id":"session_')
const quote = piece('"')
const otherReferrer = piece('","referrer_url":"')
const ownReferrer = piece(`","referrer_url":"${shopOrigin}`)
const correlationId = piece('","correlation_id":"corr_')
const dbQueryTime = piece(',"db_query_time":')
const serverProcessingTime = piece(',"server_processing_time":')
const networkLatency = piece(',"network_latency":')
const cartSize = piece(',"cart_size":')

/** The status of the checkout. */
const checkoutStatuses = {
  pending: piece(',"checkout_status":"pending"'),
  completed: piece(',"checkout_status":"completed"'),
  failed: piece(',"checkout_status":"failed"'),
}
const end = piece('}\n')

/** Decimals of a millisecond by hundredths: '' for 0, '.5' for 50, '.07' for 7. */
const decimals = Array.from({ length: 100 }, (_, hundredths) => piece(String(hundredths / 100).slice(1)))

/**
 * Writes events as JSON objects with the fields of the catalog; absent fields are left out. The line is put
 * together from pieces that were escaped and encoded when they were made.
 */
export function createJsonLine(): LineWriter {
  const timestamp = createTimestamp('{"timestamp":"')
  return (out, event) => {
    timestamp(out, event.atUs)
    out.piece(requestId)
    out.hex48(event.requestId)
    identity(out, event.who)
    out.piece(event.deed.fragment)
    out.text(event.url)
    if (event.referrer !== undefined) {
      out.piece(isOwnPage(event.referrer) ? ownReferrer : otherReferrer)
      out.text(event.referrer)
    }
    out.piece(correlationId)
    out.hex48(event.correlationId)
    out.piece(event.server.fragment)
    out.piece(event.outcome.fragment)
    milliseconds(out, event.dbUs + event.serverUs + event.networkUs)
    out.piece(dbQueryTime)
    milliseconds(out, event.dbUs)
    out.piece(serverProcessingTime)
    milliseconds(out, event.serverUs)
    out.piece(networkLatency)
    milliseconds(out, event.networkUs)
    if (event.product !== undefined) out.text(event.product.fragment)
    if (event.cartSize !== undefined) {
      out.piece(cartSize)
      out.integer(event.cartSize)
    }
    if (event.checkoutStatus !== undefined) out.piece(checkoutStatuses[event.checkoutStatus])
    out.piece(end)
  }
}

function identity(out: ByteWriter, { sessionId: id, user, credentials, token }: Identity): void {
  out.piece(sessionId)
  out.hex48(id)
  out.piece(quote)
  out.text(user.fragment)
  out.piece(user.agentFragment)
  out.piece(credentials.fragment)
  if (token === undefined) return
  out.hex48(token)
  out.piece(quote)
}

/** Writes microseconds, a multiple of ten, as milliseconds with up to two decimals. */
function milliseconds(out: ByteWriter, us: number): void {
  const wholeMs = Math.floor(us / 1_000)
  out.integer(wholeMs)
  const hundredths = (us - wholeMs * 1_000) / 10
  if (hundredths > 0) out.piece(decimals[hundredths] as Uint8Array)
}
