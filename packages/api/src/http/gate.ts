/** Lets so many in at a time; the others wait for their turn. */
export interface Gate {
  /** Resolves when there is room, or when the signal fires. @returns what to call when one leaves. */
  enter(signal: AbortSignal): Promise<() => void>
}

/** Opens a gate. */
export function openGate(insideMax: number): Gate {
  let inside = 0
  const queue: (() => void)[] = []
  const leave = (): void => {
    inside -= 1
    // Who has gone meanwhile still stands in the queue, so all of them look.
    for (const look of queue.splice(0)) look()
  }
  const isFull = (): boolean => inside >= insideMax
  const nextLook = async (signal: AbortSignal): Promise<void> =>
    await new Promise<void>((resolve) => {
      const look = (): void => {
        signal.removeEventListener('abort', look)
        resolve()
      }
      queue.push(look)
      signal.addEventListener('abort', look)
    })
  return {
    enter: async (signal) => {
      while (isFull() && !signal.aborted) await nextLook(signal)
      inside += 1
      return leave
    },
  }
}
