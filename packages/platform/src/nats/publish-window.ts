/** Publishing without waiting for each answer, but never with more than so many open. */
export interface PublishWindow {
  /** Takes one more; resolves when there is room for the next. @throws what one before it failed with. */
  add(publishing: Promise<void>): Promise<void>
  /** Resolves when all have their answer. @throws what one of them failed with. */
  settle(): Promise<void>
}

/** Opens a window; its size bounds the memory that unanswered chunks hold. */
export function openPublishWindow(openMax: number): PublishWindow {
  const open = new Set<Promise<void>>()
  let failure: { error: unknown } | undefined
  const throwFailure = (): void => {
    if (failure !== undefined) throw failure.error
  }
  const track = async (publishing: Promise<void>): Promise<void> => {
    try {
      await publishing
    } catch (error) {
      failure ??= { error }
    }
  }
  return {
    add: async (publishing) => {
      const tracked = track(publishing).finally(() => open.delete(tracked))
      open.add(tracked)
      while (open.size >= openMax) await Promise.race(open)
      throwFailure()
    },
    settle: async () => {
      await Promise.all(open)
      throwFailure()
    },
  }
}
