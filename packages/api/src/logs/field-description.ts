import { logEventSchema } from '@pulsehouse/events'

/** Fields that are derived from others; the rest are described by the catalog. */
const derivedDescriptions: Readonly<Record<string, string>> = {
  endpoint: 'Path of the url, with numbers and ids folded.',
  referrer_domain: 'Domain of the referring page.',
  ip_network: 'Network of the address: /24 of IPv4, /48 of IPv6.',
  browser: 'From the user agent.',
  os: 'From the user agent.',
  device: 'From the user agent: desktop, mobile, tablet, tv, bot.',
}

/** What the OpenAPI document says of a field of the log: the catalog's words, the unit, and whether it is a pseudonym. */
export function fieldDescription(name: string): string {
  const field = Object.entries(logEventSchema.shape)
    .find(([known]) => known === name)?.[1]
    .meta()
  const text = field?.description ?? derivedDescriptions[name] ?? ''
  const unit = field?.unit === 'ms' ? ' In milliseconds.' : ''
  return `${text}${unit}${field?.protection === 'pseudonym' ? ' A pseudonym, unless the stack keeps clear values.' : ''}`
}
