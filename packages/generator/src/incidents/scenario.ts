import { z } from 'zod'
import { incidentKinds, lookalikeKinds, type IncidentKind } from './incident-kind.js'
import { kinds } from './kinds.js'

/** An incident that a scenario asks for. */
export interface WantedIncident {
  kind: IncidentKind
  /** Seconds from the start of the traffic. */
  atS: number
  /** Seconds; drawn when absent. */
  durationS: number | undefined
  /** Of the kind; what is absent is drawn. */
  parameters: Readonly<Record<string, unknown>>
}

/** Asks for incidents of all kinds in turn at times that the seed decides. */
export interface WantedDraw {
  incidents: number
  lookalikes: number
  /** Seconds from the start of the traffic between which all of it happens. */
  fromS: number
  toS: number
}

/** What is to happen beside the everyday. */
export interface Scenario {
  incidents: readonly WantedIncident[]
  draw: WantedDraw | undefined
}

const unitsS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const
const spanMaxS = 366 * 86_400
const incidentsMax = 1_000

/** A length of time as `90s`, `10m`, `1h30m` or `4d`; gives seconds. */
const spanSchema = z
  .string({ error: 'must be a length of time, as 90s, 10m, 1h30m or 4d' })
  .regex(/^(?:\d+[smhd])+$/, 'must be a length of time, as 90s, 10m, 1h30m or 4d')
  .transform((text) => {
    const parts = [...text.matchAll(/(\d+)([smhd])/g)]
    return parts.reduce(
      (sum, [, count, unit]) => sum + Number(count) * unitsS[unit as keyof typeof unitsS],
      0,
    )
  })
  .pipe(z.number().max(spanMaxS, 'must not be longer than a year'))

const durationSchema = spanSchema.refine((seconds) => seconds > 0, 'must be longer than nothing')

function wantedSchema(kind: IncidentKind) {
  return z
    .strictObject({
      kind: z.literal(kind),
      at: spanSchema,
      duration: durationSchema.optional(),
      ...kinds[kind].parameters,
    })
    .transform(({ kind, at, duration, ...parameters }): WantedIncident => {
      return { kind, atS: at, durationS: duration, parameters }
    })
}

const [firstKind, ...otherKinds] = [...incidentKinds, ...lookalikeKinds]
const wantedIncidentSchema = z.discriminatedUnion(
  'kind',
  [wantedSchema(firstKind as IncidentKind), ...otherKinds.map(wantedSchema)],
  { error: `must have a kind: ${[...incidentKinds, ...lookalikeKinds].join(', ')}` },
)

const drawSchema = z
  .strictObject({
    incidents: z.int().min(0).max(incidentsMax),
    lookalikes: z.int().min(0).max(incidentsMax),
    from: spanSchema,
    to: spanSchema,
  })
  .transform(({ from, to, ...counts }): WantedDraw => ({ ...counts, fromS: from, toS: to }))
  .refine(({ fromS, toS }) => fromS < toS, { path: ['to'], message: 'must be later than from' })

/** A scenario as its file says it. */
export const scenarioSchema: z.ZodType<Scenario> = z
  .strictObject({
    incidents: z.array(wantedIncidentSchema).max(incidentsMax).default([]),
    draw: drawSchema.optional(),
  })
  .transform(({ incidents, draw }) => ({ incidents, draw }))
