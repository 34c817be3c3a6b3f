/**
 * A piece of a JSON object without its braces, made once and then copied into every line that needs it. It is
 * plain ASCII, so a line's length in characters is its length in bytes.
 */
export function jsonFragment(fields: Record<string, string | number | undefined>): string {
  return JSON.stringify(fields)
    .slice(1, -1)
    .replaceAll(/[^ -~]/g, escape)
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
