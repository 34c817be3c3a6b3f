import { piece } from '../lines/byte-writer.js'
import { jsonFragment } from '../lines/fragment.js'

/** What the visitor did, as the shop names it. */
export type Action = 'login' | 'logout' | 'view_page' | 'click_button' | 'submit_form'

/** What the visitor did and by which kind of request. */
export interface Deed {
  /** An `Action`, or something unusual. */
  action: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Both as a piece of JSON. */
  fragment: Uint8Array
}

/** Describes what the visitor did. */
export function describeDeed(method: Deed['method'], action: string): Deed {
  return { action, method, fragment: piece(`${jsonFragment({ action, http_method: method })},"url":"`) }
}
