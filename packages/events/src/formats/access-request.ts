/** What the quoted request of an access log says. */
interface Request {
  fields: { http_method?: string; url?: string }
  attributes: Record<string, string>
}

const methodPattern = /^([A-Za-z][A-Za-z_-]{0,31}) +/
const versionPattern = /^(?:HTTPS?|RTSP|SIP)\/\d(?:\.\d{1,2})?$/i
/** HTTP/0.9 names no version, so only what looks like an address makes a request of such bytes. */
const addressPattern = /^(?:\/|\*|[a-z][a-z\d+.-]{0,31}:\/\/)/i

/** Reads `METHOD address HTTP/1.1`; what is no such request is kept whole in the attribute `request`. */
export function requestOf(request: string): Request {
  const text = request.trimEnd()
  const versionStart = text.lastIndexOf(' ') + 1
  const version = text.slice(versionStart)
  const hasVersion = versionStart > 0 && versionPattern.test(version)
  const method = methodPattern.exec(text)
  const url =
    method === null ? '' : text.slice(method[0].length, hasVersion ? versionStart : undefined).trimEnd()
  if (method === null || url === '' || !(hasVersion || addressPattern.test(url))) {
    return { fields: {}, attributes: text === '' || text === '-' ? {} : { request: text } }
  }
  return {
    fields: { http_method: (method[1] ?? '').toUpperCase(), url },
    attributes: hasVersion ? { http_version: version } : {},
  }
}
