import { describe, expect, it } from 'vitest'
import { createProtection, decodeLine, endpointOf, formats, limits, type LogEvent } from '../src/index.js'
import { anyContext } from './fixtures.js'

const protection = createProtection('pseudonyms', 'ab'.repeat(32))
const timeMaxMs = 500

/** Each word is repeated; `_` stands for a space. */
const words = String.raw`a : 1. 1: token token_ token= token:[ token:" token\":\" " \ \" %25 % _|_ @ a@ a@a. a. a- a_ a: a= = & &a ? ?a= #
  / :// http://a { [ [_ "_ "__ _ eyJ eyJ- eyJa. bearer_ basic_ tok-1 - -----BEGIN_ PRIVATE_KEY----- user_ user_' user:
  ip: cookie:_ password_is_ api_key_ :: f: \u0022 \x22 &quot; é@ <a> | |_session_|_ sk- ' ${'`'} "_200_1 \"_200_1_`
const pieces = [
  ...words.split(/\s+/).map((word) => word.replaceAll('_', ' ')),
  'token_',
  'user_',
  '\t',
  '\0',
  '\r',
]

/** Processor time, milliseconds; what looks slow is timed again, because the machine has other work too. */
function timeMs(run: () => void, triesLeft = 3): number {
  const start = process.cpuUsage()
  run()
  const ms = process.cpuUsage(start).user / 1000
  return ms > timeMaxMs && triesLeft > 1 ? timeMs(run, triesLeft - 1) : ms
}

function eventWith(text: string): LogEvent {
  return {
    timestamp: 1_700_000_000_000_000,
    level: 'INFO',
    message: text,
    user_id: 'alice',
    token: 'tok',
    attributes: {},
  }
}

describe.each(pieces)('256 KiB of %j', (piece) => {
  const line = piece.repeat(Math.ceil(limits.lineBytesMax / Buffer.byteLength(piece))).slice(0, 260_000)

  it('takes no longer than its length deserves', () => {
    const json = JSON.stringify({ msg: line.slice(0, 120_000) })
    const access = `1.2.3.4 - - [22/Nov/2026:07:48:10 +0000] "GET /${line}" 200 1 "-" "${line}"`.slice(
      0,
      260_000,
    )
    const runs = {
      json: () => decodeLine(formats.json, json, anyContext),
      jsonRaw: () => decodeLine(formats.json, line, anyContext),
      pipe: () => decodeLine(formats.pipe, line, anyContext),
      combined: () => decodeLine(formats.combined, line, anyContext),
      access: () => decodeLine(formats.combined, access, anyContext),
      message: () => protection.event(eventWith(line)),
      url: () => protection.event({ ...eventWith('x'), url: `/${line}` }),
      query: () => protection.event({ ...eventWith('x'), url: `/?${line}` }),
      agent: () => protection.event({ ...eventWith('x'), user_agent: line }),
      id: () => protection.event({ ...eventWith('x'), request_id: line }),
      attribute: () => protection.event({ ...eventWith('x'), attributes: { [line]: line } }),
      endpoint: () => endpointOf(`/${line}`),
      rejected: () => protection.rejectedLine(line),
    }
    const slow = Object.entries(runs)
      .map(([name, run]) => [name, timeMs(run)] as const)
      .filter(([, ms]) => ms > timeMaxMs)
    expect(slow).toEqual([])
  })
})
