import { readFile } from 'node:fs/promises'
import { etag } from 'hono/etag'
import type { Api } from '../api.js'

/** Content types by the end of a file's name; no other file is served. */
const types = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
} as const

/** The end of a name that says what a file is. */
export type StaticFileType = keyof typeof types

/** A browser may keep it, and asks with its ETag whether it is still the same: after an update nobody sees the old one. */
export const keptByEtag = { 'Cache-Control': 'no-cache' } as const

/**
 * Serves one file of ours.
 *
 * @param complete puts what only the running stack knows into the text of a page.
 */
export function addStaticFile(
  app: Api,
  address: string,
  file: { path: string; type: StaticFileType; complete?: (text: string) => string },
): void {
  const headers = { 'Content-Type': types[file.type], ...keptByEtag }
  app.get(address, etag(), async (context) => {
    const bytes = await readFile(file.path)
    const body = file.complete?.(bytes.toString('utf8')) ?? new Uint8Array(bytes)
    return context.body(body, 200, headers)
  })
}
