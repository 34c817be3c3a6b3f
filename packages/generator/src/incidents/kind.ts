import { z } from 'zod'
import type { Effects, Stage } from './incident.js'
import type { Random } from '../draw/random.js'

/** Where an incident happens, what is done, and how. */
export interface Plan {
  service?: string
  endpoint?: string
  /** For people: the variant and its strength. */
  detail: string
  begin: (stage: Stage) => Effects
}

/** A kind of incident, with parameters of any shape. */
export interface Kind {
  harmless: boolean
  /** How long it lasts where nothing is said: from, to, in seconds. */
  lastsS: readonly [number, number]
  /** Hours in UTC between which a draw lets it begin. */
  hours: readonly [number, number]
  /** What a scenario may say of it; all of it can be left out. */
  parameters: z.ZodRawShape
  /** Decides what was left open. @throws when the parameters are not those of the kind. */
  plan: (given: unknown, random: Random) => Plan
}

/**
 * Most of what goes wrong comes with the load, and at night a service that answers twice a minute could not show it: a
 * draw lets such incidents begin in these hours.
 */
export const busyHours = [7, 22] as const
/** Attackers don't keep hours. */
export const anyHours = [0, 24] as const

/** Describes a kind of incident. */
export function defineKind<Shape extends z.ZodRawShape>(
  description: Omit<Kind, 'parameters' | 'plan'> & {
    parameters: Shape
    plan: (given: z.infer<z.ZodObject<Shape>>, random: Random) => Plan
  },
): Kind {
  const schema = z.object(description.parameters)
  return { ...description, plan: (given, random) => description.plan(schema.parse(given), random) }
}

/** A number within limits that may be left out. */
export function strength(min: number, max: number) {
  return z.number().min(min).max(max).optional()
}

/** A whole number within limits that may be left out. */
export function amount(min: number, max: number) {
  return z.int().min(min).max(max).optional()
}
