const layered = /%[\da-f]{2}|\\u00[2-7]|\\x[2-7]|&(?:quot|amp|#\d)/i

/**
 * Cleans a text as it stands and as it reads when its encodings are taken off: percent signs (however often they
 * were encoded themselves), `\u0022` of JSON, `\x22` of web servers, `&quot;` of HTML. Where only the reading finds
 * something, the text becomes its cleaned reading.
 *
 * @param encode brings a cleaned reading back to what may stand in its place.
 */
export function cleanLayers(
  text: string,
  clean: (text: string) => string,
  encode: (reading: string) => string,
): string {
  const plain = clean(text)
  if (!layered.test(plain)) return plain
  const reading = withoutLayers(plain)
  const cleaned = clean(reading)
  return cleaned === reading ? plain : encode(cleaned)
}

/** A text with its encodings taken off; what is wrongly encoded stays. */
export function withoutLayers(text: string): string {
  return text
    .replaceAll(/%(?:25)+(?=[\da-f]{2})/gi, '%')
    .replaceAll(/(?:%[\da-f]{2})+/gi, decodePercent)
    .replaceAll(/\\u00([2-7][\da-f])|\\x([2-7][\da-f])/gi, (_, unicode?: string, byte?: string) =>
      String.fromCharCode(Number.parseInt(unicode ?? byte ?? '', 16)),
    )
    .replaceAll(/&(?:quot|#34);/g, '"')
    .replaceAll(/&#39;/g, "'")
    .replaceAll(/&(?:amp|#38);/g, '&')
}

function decodePercent(run: string): string {
  try {
    return decodeURIComponent(run)
  } catch {
    // It is no UTF-8, so each byte stands for itself, as in Latin-1.
    return Buffer.from(run.replaceAll('%', ''), 'hex').toString('latin1')
  }
}

/** Percent-encodes a part of an address; half a surrogate pair, which can't be encoded, becomes U+FFFD. */
export function encodeComponent(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
}

/** Percent-encodes what an address can't hold. */
export function encodeAddress(text: string): string {
  return encodeURI(Buffer.from(text).toString())
}
