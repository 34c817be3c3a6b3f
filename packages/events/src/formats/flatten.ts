import { limits } from '../limits.js'

/**
 * Walks a nested value and hands every leaf on under its dotted path (`req.headers.host`, `items.0.sku`). Null
 * leaves say nothing and are left out; what is nested too deep is handed on as JSON text.
 */
export function flattenInto(
  value: unknown,
  path: string,
  keep: (path: string, leaf: unknown) => void,
  depth: number,
): void {
  if (value === null || value === undefined) return
  if (typeof value !== 'object') {
    keep(path, value)
    return
  }
  if (depth >= limits.attributeDepthMax) {
    keep(path, JSON.stringify(value))
    return
  }
  for (const [name, inner] of Object.entries(value)) {
    flattenInto(inner, path === '' ? name : `${path}.${name}`, keep, depth + 1)
  }
}
