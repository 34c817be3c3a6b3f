import { z } from '@hono/zod-openapi'
import { dimensionNames, dimensions, type DimensionName } from './dimensions.js'
import { measureNames, measures, type MeasureName } from './measures.js'

const groups = Object.fromEntries(
  dimensionNames.map((name) => {
    const value = dimensions[name].kind === 'text' ? z.string() : z.int()
    const description = `${dimensions[name].description}, where it was grouped by.`
    return [name, value.nullable().optional().openapi({ description })]
  }),
) as Record<DimensionName, z.ZodOptional<z.ZodNullable<z.ZodString | z.ZodNumber>>>

const wanted = Object.fromEntries(
  measureNames.map((name) => {
    const { empty, description } = measures[name]
    const value = empty === 0 ? z.int() : z.number().nullable()
    return [name, value.optional().openapi({ description })]
  }),
) as Record<MeasureName, z.ZodOptional<z.ZodNullable<z.ZodNumber>>>

/** The groups and measures of a row that were asked for. */
export const groupedMeasuresSchema = z.object({ ...groups, ...wanted }).openapi('StatsValues')

/** A row of a series: a step of time, with the groups and measures that were asked for. */
export const seriesRowSchema = z
  .object({
    time: z.string().openapi({ description: 'Start of the step, UTC.', example: '2026-03-01T12:00:00Z' }),
    running: z.boolean().openapi({ description: 'Whether the time of the row is not over yet.' }),
    ...groups,
    ...wanted,
  })
  .openapi('StatsRow')
