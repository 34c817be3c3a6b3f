import { expect, test } from 'vitest'
import { publisherSink } from '../src/output/publisher-sink.js'

const options = { runId: 'run', contentType: 'application/x-ndjson', unacknowledgedMax: 3 }
const chunk = (number: number) => ({ number, events: 1, payload: Buffer.from('{}\n') })

/** A queue whose acknowledgements come when the test says so. */
function queueByHand() {
  const ids: string[] = []
  const settlers: { resolve: (seq: number) => void; reject: (error: Error) => void }[] = []
  return {
    ids,
    settlers,
    publish: (_payload: Uint8Array, { id }: { id: string }) => {
      ids.push(id)
      return new Promise<number>((resolve, reject) => settlers.push({ resolve, reject }))
    },
  }
}

test('so many chunks are under way as the window allows, each under its own id', async () => {
  const queue = queueByHand()
  const sink = publisherSink(queue, options)
  await sink.write(chunk(0))
  await sink.write(chunk(1))
  let third = 'waiting'
  const writing = sink.write(chunk(2)).then(() => (third = 'written'))
  await new Promise(setImmediate)
  expect(third).toBe('waiting')
  queue.settlers[1]?.resolve(1)
  await writing
  expect(queue.ids).toEqual(['run-0', 'run-1', 'run-2'])
})

test('settling waits for every acknowledgement', async () => {
  const queue = queueByHand()
  const sink = publisherSink(queue, options)
  await sink.write(chunk(0))
  let settled = false
  const settling = sink.settle().then(() => (settled = true))
  await new Promise(setImmediate)
  expect(settled).toBe(false)
  queue.settlers[0]?.resolve(1)
  await settling
})

test('a chunk that is refused fails the next write and the settling', async () => {
  const queue = queueByHand()
  const sink = publisherSink(queue, options)
  await sink.write(chunk(0))
  queue.settlers[0]?.reject(new Error('too large'))
  await new Promise(setImmediate)
  await expect(sink.write(chunk(1))).rejects.toThrow('too large')
  queue.settlers[1]?.resolve(2)
  await expect(sink.settle()).rejects.toThrow('too large')
})

test('a chunk that waits for its acknowledgement keeps its bytes when their memory is used again', async () => {
  const sent: Uint8Array[] = []
  const publish = (payload: Uint8Array): Promise<number> => {
    sent.push(payload)
    return Promise.resolve(1)
  }
  const payload = Buffer.from('{"a":1}\n')
  await publisherSink({ publish }, options).write({ number: 0, events: 1, payload })
  payload.fill(0)
  expect(Buffer.from(sent[0] ?? []).toString()).toBe('{"a":1}\n')
})
