import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
// The examiner: what the official client makes of our replies is what these tests are about.
// oxlint-disable-next-line no-restricted-imports
import { createClient } from '@clickhouse/client'
import { startClickhouse, type StartedClickhouse } from '../src/index.js'

const log = { debug: () => {}, error: () => {} }

/** A folder that is gone when the test file ends. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'embedded-clickhouse-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A real server process over a folder, on a free port. */
export async function startServer(dataDir: string, args: readonly string[] = []): Promise<StartedClickhouse> {
  return await startClickhouse({ dataDir, port: 0, args, log })
}

/** The official client. */
export function clientOf(server: StartedClickhouse) {
  return createClient({ url: server.url, request_timeout: 60_000 })
}

/** Sends a statement as it is and reads the whole reply. */
export async function send(
  server: StartedClickhouse,
  sql: string | Uint8Array<ArrayBuffer>,
  parameters: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; bytes: Uint8Array; headers: Headers }> {
  const address = `${server.url}/?${new URLSearchParams(parameters).toString()}`
  const reply = await fetch(address, { method: 'POST', body: sql, headers })
  const bytes = new Uint8Array(await reply.arrayBuffer())
  return { status: reply.status, text: new TextDecoder().decode(bytes), bytes, headers: reply.headers }
}

/** Polls until a condition holds. */
export async function until(holds: () => Promise<boolean> | boolean, deadlineMs = 10_000): Promise<void> {
  const end = Date.now() + deadlineMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`The condition did not hold within ${deadlineMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
