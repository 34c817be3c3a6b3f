import { setTimeout as delay } from 'node:timers/promises'
import { readLogStream, readLogStreamState, type NatsLink } from '@pulsehouse/platform'
import { startPipelineStack, type PipelineStack } from '../ingest/pipeline-stack.js'
import { processorSeconds } from '../processor-seconds.js'
import { waitFor } from '../tail/wait-for.js'

/** How much is published. */
export interface Publishing {
  ratePerS: number
  lastsS: number
}

/** What publishing took. */
export interface PublishingCost {
  /** Processor time of the generator, microseconds an event. */
  generatorUs: number
  /** Processor time of nats-server, microseconds an event. */
  natsUs: number
  eventsPerS: number
}

/** Room for all that is published, so that the generator never waits for somebody to read. */
const queueBytes = 3 * 1024 ** 3
/** A shop of this size takes seconds to open, and what fell due meanwhile is sent first, seconds. */
const settlesS = 8

/** How far everybody was at a moment. */
interface Reading {
  atMs: number
  bytes: number
  generatorS: number
  natsS: number
}

/**
 * Lets the generator publish to a nats-server of its own and counts once it has caught up with its clock. Events are
 * counted by the bytes of the queue.
 *
 * @throws when nothing arrives, or where there is no /proc to read processor time from.
 */
export async function publishEvents({ ratePerS, lastsS }: Publishing): Promise<PublishingCost> {
  const stack = await startPipelineStack(queueBytes)
  try {
    const generator = stack.startGenerator(['--rate', ratePerS, '--steady', '--seed', 1])
    const eventBytes = await waitFor('a chunk arrives', () => bytesAnEvent(stack.nats))
    await delay(settlesS * 1_000)
    const from = await read(stack, generator.pid)
    await delay(lastsS * 1_000)
    const to = await read(stack, generator.pid)
    const events = (to.bytes - from.bytes) / eventBytes
    return {
      generatorUs: ((to.generatorS - from.generatorS) / events) * 1e6,
      natsUs: ((to.natsS - from.natsS) / events) * 1e6,
      eventsPerS: (events / (to.atMs - from.atMs)) * 1_000,
    }
  } finally {
    await stack.close()
  }
}

async function bytesAnEvent(nats: NatsLink): Promise<number | undefined> {
  if ((await readLogStreamState(nats)).messages === 0) return undefined
  const reading = await readLogStream(nats, 1)
  for await (const { payload } of reading) {
    reading.stop()
    return payload.length / payload.filter((byte) => byte === 10).length
  }
  return undefined
}

async function read({ nats, natsPid }: PipelineStack, generatorPid: number): Promise<Reading> {
  const { bytes } = await readLogStreamState(nats)
  const [generatorS, natsS] = [processorSeconds(generatorPid), processorSeconds(natsPid)]
  if (generatorS === undefined || natsS === undefined)
    throw new Error('There is no /proc to read times from.')
  return { atMs: performance.now(), bytes, generatorS, natsS }
}
