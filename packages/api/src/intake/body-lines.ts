import { splitLines } from '@pulsehouse/events'
import { BadParameters, Problem } from '../http/problem.js'

/** Content types that events are taken in. */
export const bodyTypes = { ndjson: 'application/x-ndjson', json: 'application/json' } as const

/** The events of a body as lines of NDJSON, in order: lines as they are, or one for each member of an array. */
export function bodyLines(body: Buffer, contentType: string | undefined): string[] {
  const type = contentType?.split(';')[0]?.trim().toLowerCase()
  if (type !== bodyTypes.ndjson && type !== bodyTypes.json) {
    throw new Problem(
      'bad-content-type',
      `The Content-Type must be ${bodyTypes.ndjson} for one event a line, or ${bodyTypes.json} for one event or an array.`,
    )
  }
  const lines = body.length === 0 ? [] : type === bodyTypes.ndjson ? splitLines(body) : membersOf(body)
  if (lines.length === 0) throw badBody('must have an event in it')
  return lines
}

function membersOf(body: Buffer): string[] {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return (Array.isArray(value) ? value : [value]).map((member) => JSON.stringify(member))
  } catch {
    throw badBody('must be JSON: one event, or an array of events')
  }
}

function badBody(message: string): BadParameters {
  return new BadParameters([{ parameter: 'body', message }])
}
