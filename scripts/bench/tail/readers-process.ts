import { get, type ClientRequest } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { FrameReader, type ReaderCounts } from './frame-reader.js'

/** What the process tells after it was told the last chunk. */
export interface ReadersReport {
  counts: ReaderCounts[]
  reconnects: number
  refused: number
  /** Processor time of the readers, seconds. */
  cpuS: number
}

const [url = '', key = '', countText = '1'] = process.argv.slice(2)
const count = Number(countText)
/** Each reader hangs up once in this time after the start, at a moment of its own, milliseconds. */
const hangUpFromMs = 3_000
const hangUpSpreadMs = 10_000
/** A reader stays away for so long, milliseconds. */
const awayMs = 500

let reconnects = 0
let refused = 0

/** One reader, which connects again whenever its connection ends. */
class Reader {
  readonly frames = new FrameReader()
  #request: ClientRequest | undefined

  connect(onOpen: () => void): void {
    const { lastId } = this.frames
    const resume = lastId === '' ? {} : { 'Last-Event-ID': lastId }
    const headers = { Authorization: `Bearer ${key}`, ...resume }
    this.frames.reset()
    this.#request = get(`${url}/v1/logs/tail`, { headers, agent: false }, (response) => {
      if (response.statusCode !== 200) refused += 1
      onOpen()
      response.on('data', (part: Buffer) => this.frames.take(part))
      response.once('close', () => void this.#comeBack())
    })
    this.#request.on('error', () => undefined)
  }

  hangUp(): void {
    this.#request?.destroy()
  }

  async #comeBack(): Promise<void> {
    await delay(awayMs)
    reconnects += 1
    this.connect(() => undefined)
  }
}

const readers = Array.from({ length: count }, () => new Reader())
await Promise.all(readers.map((reader) => new Promise<void>((resolve) => reader.connect(resolve))))
process.send?.('open')
for (const [index, reader] of readers.entries()) {
  setTimeout(() => reader.hangUp(), hangUpFromMs + (index * hangUpSpreadMs) / count)
}

process.once('message', (lastSeq: number) => {
  const report = (): void => {
    const isDone = readers.every(({ frames }) => frames.counts.seq >= lastSeq)
    if (!isDone) return
    clearInterval(timer)
    const counts = readers.map(({ frames }) => frames.counts)
    const { user, system } = process.cpuUsage()
    process.send?.({ counts, reconnects, refused, cpuS: (user + system) / 1e6 } satisfies ReadersReport, () =>
      process.exit(0),
    )
  }
  const timer = setInterval(report, 50)
})
