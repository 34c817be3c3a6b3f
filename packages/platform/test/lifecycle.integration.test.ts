import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { stopDeadlineMs } from '../src/lifecycle.js'

const compiled = join(import.meta.dirname, '../dist/index.js')

/** A part in a process of its own, as a supervisor starts it; it is ready when this returns. */
async function startPart(stopSteps: string): Promise<ChildProcess> {
  const program = `import { createLogger, runPart } from ${JSON.stringify(compiled)}
    setInterval(() => undefined, 1_000)
    await runPart(createLogger('part'), async () => ({ stop: ${stopSteps} }))`
  const part = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  onTestFinished(() => void part.kill('SIGKILL'))
  await once(part, 'message')
  return part
}

/** What a killed supervisor leaves: nobody at the other end of the output, and none of the channel. */
function abandon(part: ChildProcess): void {
  part.stdout?.destroy()
  part.disconnect()
}

async function endOf(part: ChildProcess, withinMs: number): Promise<unknown> {
  return Promise.race([once(part, 'exit'), delay(withinMs, 'it still runs', { ref: false })])
}

test('a part whose supervisor was killed ends, though nobody reads what it logs', async () => {
  const part = await startPart('[]')
  abandon(part)
  expect(await endOf(part, 5_000)).toEqual([0, null])
})

test('so does one whose shutdown never ends', async () => {
  const part = await startPart(`[{ name: 'never', run: () => new Promise(() => undefined) }]`)
  abandon(part)
  expect(await endOf(part, stopDeadlineMs + 5_000)).toEqual([1, null])
})

test('the last lines of one that is told to stop are written', async () => {
  const part = await startPart('[]')
  let output = ''
  part.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = once(part, 'close')
  part.kill('SIGTERM')
  await ended
  expect(output).toContain('"msg":"stopped"')
})
