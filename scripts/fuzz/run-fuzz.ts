import { openRandom } from '../chaos/random.js'
import { operationsOf, type Document } from './document.js'
import { drawRequest, type DrawnRequest, type FuzzKeys } from './draw-request.js'
import { createJudge } from './judge.js'

/** An operation is drawn so many times more often than one without parameters, at the most. */
const weightMax = 8
/** A fault is told with so many characters of each part of its request. */
const shownCharsMax = 400

/** What a run has found. */
export interface FuzzReport {
  requests: number
  /** How many answers had which status. */
  statuses: Record<string, number>
  /** How many requests each operation had. */
  operations: Record<string, number>
  /** What was wrong, each kind of fault of an operation once, with the request that showed it. */
  faults: string[]
}

/** Sends drawn requests, one after the other, and judges every answer by the document. */
export async function runFuzz(run: {
  document: Document
  send: (request: DrawnRequest) => Promise<Response>
  keys: FuzzKeys
  requests: number
  seed: number
}): Promise<FuzzReport> {
  const { document, send, keys, requests, seed } = run
  const random = openRandom(seed)
  // An operation with many parameters has more to find out than one without.
  const operations = operationsOf(document).flatMap((operation) =>
    Array.from({ length: 1 + Math.min(operation.parameters.length, weightMax) }, () => operation),
  )
  const judge = createJudge(document)
  const report: FuzzReport = { requests, statuses: {}, operations: {}, faults: [] }
  const kinds = new Set<string>()
  for (let index = 0; index < requests; index += 1) {
    const operation = random.pick(operations)
    const name = `${operation.method} ${operation.path}`
    const request = drawRequest(random, document, operation, keys)
    const answer = await send(request)
    report.statuses[answer.status] = (report.statuses[answer.status] ?? 0) + 1
    report.operations[name] = (report.operations[name] ?? 0) + 1
    const fault = await judge(operation, answer)
    const kind = `${name} ${kindOf(fault)}`
    if (fault !== undefined && !kinds.has(kind)) report.faults.push(describe(name, fault, request))
    kinds.add(kind)
  }
  return report
}

/** What two faults have in common that are the same but for their values. */
function kindOf(fault: string | undefined): string {
  return (fault ?? '').slice(0, 60).replaceAll(/\d+/g, 'N')
}

function describe(name: string, fault: string, { path, headers, body }: DrawnRequest): string {
  const { Authorization: _, ...rest } = headers
  const sent = typeof body === 'string' ? body : `${body?.length ?? 0} bytes`
  return [name, fault, path, JSON.stringify(rest), sent]
    .map((text) => text.slice(0, shownCharsMax))
    .join('\n  ')
}
