/** Texts longer than this hardly come back; they are computed again. */
const textCharsMax = 512

/**
 * Remembers the answers of a pure function for texts that come back. It forgets everything when it is full, so
 * memory stays bounded and a hot text is soon known again.
 */
export function remember<T>(entriesMax: number, compute: (text: string) => T): (text: string) => T {
  const answers = new Map<string, T>()
  return (text) => {
    if (text.length > textCharsMax) return compute(text)
    const known = answers.get(text)
    if (known !== undefined) return known
    // A part of a line is a view of its whole chunk in V8; kept as it is, it would keep the chunk in memory.
    const copy = JSON.parse(JSON.stringify(text)) as string
    const answer = compute(copy)
    if (answers.size >= entriesMax) answers.clear()
    answers.set(copy, answer)
    return answer
  }
}
