/** How often the line is written where the output is no terminal, milliseconds. */
const plainEveryMs = 5_000

/** The screen of a start: lines that stay, and one that is always the last. */
export interface Display {
  /** Prints a line that stays. */
  say(line: string): void
  /** Replaces the last line; where the output is a file, it is written every five seconds. */
  status(line: string): void
  /** Leaves the last line as it stands. */
  end(): void
}

/** Opens the display on standard output. */
export function openDisplay(output: NodeJS.WriteStream): Display {
  let last = ''
  let writtenAtMs = 0
  const clear = '\r\u001B[2K'
  return {
    say: (line) => {
      output.write(output.isTTY ? `${clear}${line}\n${last}` : `${line}\n`)
    },
    status: (line) => {
      if (output.isTTY) {
        last = line.slice(0, (output.columns ?? 120) - 1)
        output.write(`${clear}${last}`)
      } else if (Date.now() - writtenAtMs >= plainEveryMs) {
        writtenAtMs = Date.now()
        output.write(`${line}\n`)
      }
    },
    end: () => {
      if (output.isTTY && last !== '') output.write('\n')
      last = ''
    },
  }
}
