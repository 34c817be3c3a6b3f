const barCells = 24
const terminalEveryMs = 100
const plainEveryMs = 5_000
const integers = new Intl.NumberFormat('en')

/** The progress of an import on standard error, so that it never mixes with what a script reads. */
export interface Progress {
  /** Shows how far it is; drawn at most ten times a second, and every five seconds where it is no terminal. */
  show(label: string, done: number, total: number | undefined, lines: number): void
  /** Clears the bar. */
  end(): void
}

/** Opens a progress bar. */
export function openProgress(output: NodeJS.WriteStream): Progress {
  const startedAtMs = Date.now()
  let drawnAtMs = output.isTTY ? 0 : startedAtMs
  return {
    show: (label, done, total, lines) => {
      const now = Date.now()
      if (now - drawnAtMs < (output.isTTY ? terminalEveryMs : plainEveryMs)) return
      drawnAtMs = now
      const share = total === undefined || total === 0 ? undefined : Math.min(done / total, 1)
      const rate = Math.round((lines / Math.max(now - startedAtMs, 1)) * 1000)
      const text = `${label} ${share === undefined ? '' : bar(share)} ${integers.format(lines)} lines, ${integers.format(rate)}/s`
      output.write(output.isTTY ? `\r\u001B[2K${text}` : `${text}\n`)
    },
    end: () => {
      if (output.isTTY) output.write('\r\u001B[2K')
    },
  }
}

function bar(share: number): string {
  const filled = Math.round(share * barCells)
  return `[${'█'.repeat(filled)}${'░'.repeat(barCells - filled)}] ${Math.floor(share * 100)} %`
}
