import { z } from 'zod'
import { fieldNames, logEventSchema, type LogEvent } from './event.js'

/** Whether a value may stand in a field. */
type Check = (value: unknown) => boolean

/**
 * The schema's rules as plain functions, one a field: decoding asks them for every event, and they are several
 * times as fast as the schema that they are read from. A kind of rule that is not known here asks the schema.
 */
const checks = new Map<string, Check>(
  fieldNames.map((field) => [field, checkOf(logEventSchema.shape[field])] as const),
)

function checkOf(schema: z.ZodType): Check {
  const accepts: Check = (value) => schema.safeParse(value).success
  if (schema instanceof z.ZodOptional) {
    const inner = checkOf(schema.unwrap() as z.ZodType)
    return (value) => value === undefined || inner(value)
  }
  if (schema instanceof z.ZodString) {
    const charsMin = schema.minLength ?? 0
    return (value) => typeof value === 'string' && value.length >= charsMin
  }
  if (schema instanceof z.ZodNumber) {
    const { minValue, maxValue } = schema
    const isWhole = schema.format === 'safeint'
    return (value) =>
      typeof value === 'number' &&
      Number.isFinite(value) &&
      value >= (minValue ?? -Infinity) &&
      value <= (maxValue ?? Infinity) &&
      (!isWhole || Number.isSafeInteger(value))
  }
  if (schema instanceof z.ZodRecord) {
    const inner = checkOf(schema.valueType as z.ZodType)
    return (value) => isRecord(value) && everyValue(value, inner)
  }
  if (schema instanceof z.ZodEnum) {
    const options = new Set<unknown>(schema.options)
    return (value) => options.has(value)
  }
  return accepts
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function everyValue(record: Record<string, unknown>, check: Check): boolean {
  for (const name in record) if (!check(record[name])) return false
  return true
}

/** Whether a value may stand in a field of the event. */
export function suits(field: keyof LogEvent, value: unknown): boolean {
  return checks.get(field)?.(value) ?? false
}

/**
 * Proves fields of unproven types to be an event.
 *
 * @returns the first violation as `field: what is wrong`, or undefined if there is none and `found` is an event.
 */
export function violationOf(found: Record<string, unknown>): string | undefined {
  for (const field in found) if (checks.get(field)?.(found[field]) !== true) return explain(found)
  const isWhole =
    found['timestamp'] !== undefined && found['level'] !== undefined && found['attributes'] !== undefined
  return isWhole ? undefined : explain(found)
}

/** The schema's own words; it also has the last word. */
function explain(found: Record<string, unknown>): string | undefined {
  const parsed = logEventSchema.safeParse(found)
  if (parsed.success) return undefined
  const [issue] = parsed.error.issues
  return `${issue?.path.join('.') || 'event'}: ${issue?.message ?? 'is invalid'}`
}
