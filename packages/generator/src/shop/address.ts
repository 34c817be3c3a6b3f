import { piece } from '../lines/byte-writer.js'

/** Plain ASCII with nothing to escape, as text and as the bytes that lines take. */
export class Ascii {
  readonly text: string
  readonly bytes: Uint8Array

  constructor(text: string) {
    this.text = text
    this.bytes = piece(text)
  }
}

const shopOrigin = 'https://www.pulseshop.example'

/** Path and query of a request. */
export class Address extends Ascii {
  /** The same with the shop's name, as requests that come from this page name it. */
  readonly asReferrer: Ascii

  constructor(path: string) {
    super(path)
    this.asReferrer = new Ascii(shopOrigin + path)
  }
}
