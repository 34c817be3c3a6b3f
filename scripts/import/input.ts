import { createReadStream, statSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { UsageError } from '@pulsehouse/platform'

/** A log file, or standard input. */
export interface Input {
  name: string
  /** Size on disk; undefined where nobody knows it. */
  sizeBytes: number | undefined
  /** Its bytes, unpacked; `onRead` is told how many bytes of the file itself were read. */
  read(onRead: (bytes: number) => void): AsyncIterable<Buffer>
}

/** Standard input can't be read twice, so for a rebase it is held in memory, up to this many bytes. */
const heldBytesMax = 512 * 1024 * 1024

/** Opens the inputs. @throws UsageError when a file is missing or is no file. */
export function openInputs(names: readonly string[]): Input[] {
  return names.map((name) => (name === '-' ? standardInput() : fileInput(name)))
}

function fileInput(name: string): Input {
  const stats = statSync(name, { throwIfNoEntry: false })
  if (stats === undefined) throw new UsageError(`There is no file ${name}.`)
  if (stats.isDirectory()) throw new UsageError(`${name} is a folder: name the files in it.`)
  return { name, sizeBytes: stats.size, read: (onRead) => unpack(createReadStream(name), onRead) }
}

function standardInput(): Input {
  return { name: 'standard input', sizeBytes: undefined, read: (onRead) => unpack(process.stdin, onRead) }
}

/** Reads an input whole, so that it can be read again. @throws when it is larger than what may be held. */
export async function hold(input: Input): Promise<Input> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of input.read(() => undefined)) {
    size += part.length
    if (size > heldBytesMax) {
      throw new UsageError(
        `--rebase holds standard input in memory, at most ${heldBytesMax} bytes: name a file.`,
      )
    }
    parts.push(part)
  }
  return {
    name: input.name,
    sizeBytes: size,
    async *read(onRead) {
      for (const part of parts) {
        onRead(part.length)
        yield part
      }
    },
  }
}

async function* unpack(
  source: NodeJS.ReadableStream,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const counted = count(source, onRead)
  const first = await counted.next()
  if (first.done === true) return
  // gzip is told by its first two bytes, not by a name that may say anything.
  const packed = first.value[0] === 0x1f && first.value[1] === 0x8b
  const whole = prepend(first.value, counted)
  if (!packed) {
    yield* whole
    return
  }
  const gunzip = createGunzip()
  const fed = feed(whole, gunzip)
  for await (const part of gunzip) yield part as Buffer
  await fed
}

async function feed(source: AsyncIterable<Buffer>, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  for await (const part of source) {
    if (!gunzip.write(part)) await new Promise((resolve) => gunzip.once('drain', resolve))
  }
  gunzip.end()
}

async function* count(
  source: NodeJS.ReadableStream,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const part of source) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part
    onRead(bytes.length)
    yield bytes
  }
}

async function* prepend(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}
