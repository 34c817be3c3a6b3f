import type { IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { expectAnswer, type ClientKind } from './client.js'
import { historyRows } from './history.js'
import { leaveInTheMiddle } from './writing-clients.js'

const services = 10
const msMax = 1_000
const slowRows = 3_000_000
const slowBytesPerPause = 256 * 1024
const slowPauseMs = 20

/** Groups and sums ranges of the history, whose answers follow from arithmetic. */
export const dashboard: ClientKind = {
  name: 'dashboard',
  open: (tools) => async () => {
    const from = tools.random.integer(0, historyRows / msMax - 2) * msMax
    const to = tools.random.integer(from / msMax + 1, historyRows / msMax) * msMax
    const perService = (to - from) / services
    const rows = Array.from({ length: services }, (_, digit) => {
      // Of a thousand rows in a row, a service has those whose ms end with its digit: 0 + digit to 990 + digit.
      const ms = ((to - from) / msMax) * (49_500 + 100 * digit)
      return `service-${digit}\t${perService}\t${ms}\t${990 + digit}\n`
    })
    const where = `id >= ${from} AND id < ${to}`
    await expectAnswer(
      tools,
      `SELECT service, count(), sum(ms), max(ms) FROM history WHERE ${where} GROUP BY service ORDER BY service`,
      rows.join(''),
    )
    await expectAnswer(
      tools,
      `SELECT uniqExact(ms), quantileExact(0.5)(ms) FROM history WHERE ${where}`,
      `${msMax}\t${msMax / 2}\n`,
    )
  },
}

/** Goes away in the middle of a result, or before its first byte. */
export const leaver: ClientKind = {
  name: 'leaver',
  open:
    ({ exchange, random }) =>
    async () => {
      const sql = random.pick([
        'SELECT number, repeat(toString(number), 20) FROM system.numbers',
        'SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1',
        'SELECT (SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1)',
      ])
      await leaveInTheMiddle(
        exchange.ask({
          sql,
          leave: (request) => {
            setTimeout(() => request.destroy(), random.integer(5, 300))
          },
          read: async (reply) => {
            for await (const _ of reply) await delay(1)
            return ''
          },
        }),
      )
    },
}

/** Reads a large result slowly, to its end, and looks at every number in it. */
export const slowReader: ClientKind = {
  name: 'slow reader',
  open:
    ({ exchange, wrong }) =>
    async () => {
      const sql = `SELECT number FROM numbers(${slowRows}) FORMAT RowBinary`
      const { status } = await exchange.ask({
        sql,
        read: async (reply) => {
          const next = await readNumbers(reply)
          if (next !== slowRows) wrong(`"${sql}" was right up to row ${next} of ${slowRows}.`)
          return ''
        },
      })
      if (status !== 200) wrong(`"${sql}" was answered with ${status}.`)
    },
}

/** @returns how many numbers came in their order. */
async function readNumbers(reply: IncomingMessage): Promise<number> {
  let next = 0
  let rest = Buffer.alloc(0)
  let unpaused = 0
  for await (const part of reply) {
    const bytes = Buffer.concat([rest, part as Buffer])
    const whole = bytes.length - (bytes.length % 8)
    for (let at = 0; at < whole; at += 8) {
      if (bytes.readUInt32LE(at) !== next || bytes.readUInt32LE(at + 4) !== 0) return next
      next += 1
    }
    rest = bytes.subarray(whole)
    unpaused += whole
    if (unpaused < slowBytesPerPause) continue
    unpaused = 0
    await delay(slowPauseMs)
  }
  return next
}
