import { randomUUID } from 'node:crypto'
import { StorageType, type KV } from 'nats'
import { z } from 'zod'
import { watchBucket } from './bucket-watch.js'
import type { NatsLink } from './connection.js'

/** Which findings a mute is about: those that have every value that it names. One that names none is about all. */
export interface MuteMatch {
  kind?: string | undefined
  service?: string | undefined
  endpoint?: string | undefined
  /** Of the rules file. */
  rule?: string | undefined
}

/** For a while nobody is told of what it matches. */
export interface Mute {
  id: string
  /** Milliseconds since 1970: from then on people are told again. */
  untilMs: number
  /** Why, for those who wonder about the silence. */
  reason: string
  /** Who made it: a key's id, or a command of this machine. */
  createdBy: string
  /** Milliseconds since 1970. */
  createdMs: number
  match: MuteMatch
}

/** What a mute is made from. */
export type MuteRequest = Omit<Mute, 'id' | 'createdMs'>

/** What an incident shows of itself to mutes. */
export interface Mutable {
  findings: readonly Required<{ [Name in keyof MuteMatch]: string }>[]
}

/** The mutes, the same for every process. */
export interface MuteStore {
  /** Those that have not ended, the oldest first. It is answered from memory: NATS may be away. */
  list(): Mute[]
  /**
   * Makes a mute; it counts at once.
   *
   * @throws {MuteRefused} when it would never end, has ended already, or is one too many.
   */
  make(request: MuteRequest): Promise<Mute>
  /** Ends a mute before its time. @returns false when there is none of this id. */
  end(id: string): Promise<boolean>
  /**
   * Until when an incident is muted, milliseconds since 1970; undefined where it is not. An incident is muted while each
   * of its findings is: what nobody has muted is heard.
   */
  mutedUntil(incident: Mutable): number | undefined
  close(): void
}

/** A mute can't be made so; the message says why. */
export class MuteRefused extends Error {
  readonly field: 'until' | 'reason' | 'match' | undefined

  constructor(message: string, field?: 'until' | 'reason' | 'match') {
    super(message)
    this.field = field
  }
}

const bucket = 'PULSEHOUSE_MUTES'
/** A mute ends after so many days at the latest: a forgotten one must not hide what matters for ever. */
export const muteDaysMax = 30
/** So many mutes fit in: all of them are held in memory by every process. */
const mutesMax = 1_000
/** Characters of a reason at the most. */
const reasonCharsMax = 500
/** Characters of each value that a mute names at the most. */
const matchCharsMax = 300
const dayMs = 86_400_000

const matchSchema = z.object({
  kind: z.string().optional(),
  service: z.string().optional(),
  endpoint: z.string().optional(),
  rule: z.string().optional(),
})

const storedSchema = z.object({
  until: z.iso.datetime(),
  reason: z.string(),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  match: matchSchema,
})

/**
 * Opens the mutes and follows their changes: one that is made or ended by any process counts at once. While NATS is
 * away, the mutes known so far go on counting until they end.
 *
 * @throws when NATS does not answer.
 */
export async function openMuteStore(nats: NatsLink, nowMs: () => number = Date.now): Promise<MuteStore> {
  // The server forgets an entry after its longest time, and the marks of deleted ones with it.
  const ttl = (muteDaysMax + 1) * dayMs
  const open = async (): Promise<KV> =>
    await nats.jetstream.views.kv(bucket, { history: 1, storage: StorageType.File, ttl })
  const kv = await open()
  const watch = await watchBucket(nats, { open, parse: muteOfStored })
  const inForce = (): Mute[] => [...watch.entries().values()].filter((mute) => mute.untilMs > nowMs())
  const deleteEnded = async (): Promise<void> => {
    const ended = [...watch.entries().values()].filter((mute) => mute.untilMs <= nowMs())
    await Promise.all(ended.map(async ({ id }) => await kv.delete(id)))
  }
  return {
    list: () => inForce().toSorted((a, b) => a.createdMs - b.createdMs),
    make: async (request) => {
      refuseUnfit(request, nowMs())
      if (inForce().length >= mutesMax)
        throw new MuteRefused(`There are ${mutesMax} mutes already: end one that nobody needs.`)
      await deleteEnded()
      const made: Mute = { ...request, id: randomUUID(), createdMs: nowMs() }
      await kv.put(made.id, JSON.stringify(storedOf(made)))
      await watch.untilOwnChange((mutes) => mutes.has(made.id))
      return made
    },
    end: async (id) => {
      if (!inForce().some((mute) => mute.id === id)) return false
      await kv.delete(id)
      await watch.untilOwnChange((mutes) => !mutes.has(id))
      return true
    },
    mutedUntil: (incident) => mutedUntil(incident, inForce()),
    close: () => watch.close(),
  }
}

function refuseUnfit({ untilMs, reason, match }: MuteRequest, nowMs: number): void {
  if (!(untilMs > nowMs && untilMs <= nowMs + muteDaysMax * dayMs)) {
    throw new MuteRefused(
      `A mute ends in the future, within ${muteDaysMax} days: choose such a time.`,
      'until',
    )
  }
  if (reason.length > reasonCharsMax)
    throw new MuteRefused(`The reason has more than ${reasonCharsMax} characters: shorten it.`, 'reason')
  if (Object.values(match).some((value: unknown) => String(value).length > matchCharsMax))
    throw new MuteRefused(`What is matched has more than ${matchCharsMax} characters.`, 'match')
}

function mutedUntil({ findings }: Mutable, mutes: readonly Mute[]): number | undefined {
  const ends = findings.map((finding) =>
    Math.max(...mutes.filter(({ match }) => matches(match, finding)).map(({ untilMs }) => untilMs)),
  )
  const until = Math.min(...ends)
  return Number.isFinite(until) ? until : undefined
}

function matches(match: MuteMatch, finding: Mutable['findings'][number]): boolean {
  return (['kind', 'service', 'endpoint', 'rule'] as const).every(
    (name) => match[name] === undefined || match[name] === finding[name],
  )
}

function storedOf(mute: Mute): z.infer<typeof storedSchema> {
  return {
    until: new Date(mute.untilMs).toISOString(),
    reason: mute.reason,
    created_by: mute.createdBy,
    created_at: new Date(mute.createdMs).toISOString(),
    match: mute.match,
  }
}

function muteOfStored(id: string, stored: unknown): Mute | undefined {
  const parsed = storedSchema.safeParse(stored)
  if (!parsed.success) return undefined
  const { until, reason, created_by: createdBy, created_at: createdAt, match } = parsed.data
  return { id, untilMs: Date.parse(until), reason, createdBy, createdMs: Date.parse(createdAt), match }
}
