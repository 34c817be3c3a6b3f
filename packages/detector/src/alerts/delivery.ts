/** How an attempt to deliver an alert ended. */
export type Delivery =
  | { sent: true }
  | {
      sent: false
      /** For people; nothing secret. */
      reason: string
      /** The receiver does not want this message, as it seems: others it may want. */
      refused?: boolean
      /** The receiver asks for patience, milliseconds. */
      retryAfterMs?: number
    }
