/** What is asked. */
export interface Asking {
  url: string
  key: string
  paths: readonly string[]
  /** Rounds before those that count. */
  warmUps: number
  /** Rounds that count. */
  times: number
}

/** How long a question took, each time, milliseconds. */
export interface AskTimes {
  path: string
  ms: number[]
  /** What the API itself took of it. */
  addedMs: number[]
}

/**
 * Asks questions in turns, from a process that does nothing else: in the one that stored the events, what it had to clean up
 * was in every tenth answer's time.
 */
async function askInTurns({ url, key, paths, warmUps, times }: Asking): Promise<AskTimes[]> {
  const taken = paths.map((path): AskTimes => ({ path, ms: [], addedMs: [] }))
  for (let round = 0; round < warmUps + times; round += 1) {
    for (const { path, ms, addedMs } of taken) {
      const startMs = performance.now()
      const response = await fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${key}` } })
      const text = await response.arrayBuffer()
      if (response.status !== 200)
        throw new Error(`${path} is answered with ${response.status}: ${Buffer.from(text).toString()}`)
      if (round < warmUps) continue
      ms.push(performance.now() - startMs)
      addedMs.push(Number(/app;dur=([\d.]+)/.exec(response.headers.get('Server-Timing') ?? '')?.[1]))
    }
  }
  return taken
}

process.once('message', (asking: Asking) => {
  void askInTurns(asking).then((times) => process.send?.(times, () => process.disconnect()))
})
