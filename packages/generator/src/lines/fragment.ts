/**
 * A piece of a JSON object, `,"name":"value",…` with the comma before it, made once and then copied into every line
 * that needs it. It is plain ASCII, so a line's length in characters is its length in bytes.
 */
export function jsonFragment(fields: Record<string, string | number | undefined>): string {
  const json = JSON.stringify(fields).replaceAll(/[^ -~]/g, escape)
  return `,${json.slice(1, -1)}`
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
