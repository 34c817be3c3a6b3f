/**
 * The same plain ASCII as one run of bytes in memory. JavaScript keeps a text that was put together as a tree of its
 * parts; what is written into thousands of lines had better not be searched for in several places every time.
 */
export function inOnePiece(ascii: string): string {
  return Buffer.from(ascii, 'latin1').toString('latin1')
}
