import { z } from 'zod'
import { severities } from '../findings/finding.js'

const shared = {
  /** Whose alerts are whose is told by it: a receiver with another name is another one. */
  name: z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, 'is a name in small letters'),
  /** What is milder is not told. */
  min_severity: z.enum(severities).default('warning'),
  /** Hours after which an alert that can't be delivered is given up. */
  give_up_hours: z.number().min(1).max(168).default(24),
}

const natsReceiver = z.strictObject({
  ...shared,
  type: z.literal('nats'),
  subject: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/, 'is words of letters and digits with points between them')
    .refine((subject) => !/^(logs|_INBOX)(\.|$)/.test(subject), 'is a subject of the queue itself')
    .default('alerts.incidents'),
})

const webhookReceiver = z.strictObject({
  ...shared,
  type: z.literal('webhook'),
  url: z
    .string()
    .max(2_000)
    .refine((url) => problemOfUrl(url) === undefined, { error: ({ input }) => problemOfUrl(String(input)) }),
  /** What is sent: everything, or what Slack shows. */
  form: z.enum(['json', 'slack']).default('json'),
  /** The environment variable with the secret that bodies are signed with. */
  secret_env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is the name of an environment variable')
    .optional(),
  /** It must answer within so many seconds. */
  timeout_seconds: z.number().min(1).max(60).default(10),
})

const logReceiver = z.strictObject({ ...shared, type: z.literal('log') })

/** Who is told of incidents: a subject of NATS, a web address, the detector's log. */
export const receiverSchema = z.discriminatedUnion('type', [natsReceiver, webhookReceiver, logReceiver])

/** Who is told of incidents, as the rules file names them. */
export type Receiver = z.infer<typeof receiverSchema>

/** A receiver behind a web address. */
export type WebhookReceiver = z.infer<typeof webhookReceiver>

/** So many receivers at the most: each has its own queue. */
const receiversMax = 20

/** All receivers of a rules file. */
export const receiversSchema = z
  .array(receiverSchema)
  .max(receiversMax)
  .superRefine((receivers, context) => {
    for (const [index, { name }] of receivers.entries()) {
      if (receivers.findIndex((other) => other.name === name) === index) continue
      context.addIssue({ code: 'custom', path: [index, 'name'], message: 'is the name of another receiver' })
    }
  })

function problemOfUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is no address: https://…'
  const { protocol, username, password } = new URL(text)
  if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https:// or http://'
  return username === '' && password === '' ? undefined : 'must have no user and password in it'
}
