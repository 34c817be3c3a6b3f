import { isIP } from 'node:net'

/** What stands before the time of an access log's line. */
interface AccessHead {
  fields: { ip_address?: string; user_id?: string }
  attributes: Record<string, string>
}

/**
 * Reads `address identity user`. The user may hold spaces, the address may be a list of addresses (of a proxy's
 * header), a virtual host may stand in front of it, and identity and user may be missing.
 *
 * @returns undefined if there is no address.
 */
export function accessHeadOf(text: string): AccessHead | undefined {
  const words = text.trimStart().split(' ')
  const attributes: Record<string, string> = {}
  if (words.length > 1 && isHostWithPort(words[0] ?? '') && isIP(words[1] ?? '') !== 0)
    attributes['vhost'] = words.shift() ?? ''
  let address = words.shift() ?? ''
  if (address === '') return undefined
  while (address.endsWith(',') && words.length > 0) address += ` ${words.shift() ?? ''}`
  const [first, ...others] = address.split(', ')
  if (others.length > 0) attributes['forwarded_for'] = others.join(', ')
  const identity = words.shift() ?? ''
  if (identity !== '' && identity !== '-') attributes['ident'] = identity
  const user = words.join(' ').trim()
  const fields: AccessHead['fields'] = {}
  if (first !== undefined && first !== '-') fields.ip_address = withoutBrackets(first)
  if (user !== '' && user !== '-' && user !== '""') fields.user_id = user
  return { fields, attributes }
}

function withoutBrackets(address: string): string {
  return address.startsWith('[') && address.endsWith(']') && address.length > 2
    ? address.slice(1, -1)
    : address
}

function isHostWithPort(word: string): boolean {
  return /^[\w.-]{1,255}:\d{1,5}$/.test(word)
}
