/** Writes parameters as the API reads them: a list is separated by commas, and a comma within a value has a backslash before it. */
export function writeQuery(query: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  return new URLSearchParams(given.map(([name, value]) => [name, textOf(value)])).toString()
}

function textOf(value: unknown): string {
  return Array.isArray(value)
    ? value.map((item) => String(item).replaceAll(',', String.raw`\,`)).join(',')
    : String(value)
}
