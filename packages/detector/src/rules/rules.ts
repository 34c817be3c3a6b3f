import { z } from 'zod'
import { receiversSchema } from '../alerts/receiver.js'
import { severities } from '../findings/finding.js'
import { findingKinds } from '@pulsehouse/platform'
import { metricNames } from '../watch/metrics.js'

const positive = z.number().positive()
const minutes = z.int().min(1).max(1_440)

/** A rule about a series: a finding when it lies far enough, for long enough, to one side of what is expected. */
const seriesRule = z.strictObject({
  kind: z.enum(findingKinds),
  severity: z.enum(severities),
  metric: z.enum(metricNames),
  /** Which series: the whole, each service, each endpoint. */
  of: z.array(z.enum(['whole', 'service', 'endpoint'])).min(1),
  direction: z.enum(['up', 'down']),
  /** Accumulated standard deviations, above `drift` a minute, that are enough. */
  evidence: positive,
  drift: positive,
  /** One minute counts for so many standard deviations at the most. */
  most: positive,
  /** Minutes that it takes at least. */
  min_minutes: minutes,
  /** Observed by expected since it began: at least 1 + this where up, at most 1 - this where down. */
  min_effect: positive,
  /** Events that it takes at least: observed ones where up, expected ones where down, all of them for a percentile. */
  min_volume: positive,
  /** The effect from which it is critical. */
  critical_effect: positive.optional(),
})

const counting = { severity: z.enum(severities), window_minutes: minutes }
const share = z.number().min(0).max(1)

const rulesShape = z.strictObject({
  learning_days: z.number().min(1).max(30),
  history_days: z.int().min(1).max(30),
  late_seconds: z.int().min(0).max(600),
  resolve_minutes: minutes,
  series: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'is a name in small letters'), seriesRule),
  brute_force: z.strictObject({ ...counting, min_failed: z.int().min(1), min_failed_share: share }),
  credential_stuffing: z.strictObject({ ...counting, min_users: z.int().min(2), min_failed_share: share }),
  scraping: z.strictObject({ ...counting, min_paths: z.int().min(2), min_events_a_minute: z.int().min(1) }),
  scanner: z.strictObject({
    ...counting,
    min_refused: z.int().min(1),
    min_refused_share: share,
    min_paths: z.int().min(1),
  }),
  session_reuse: z.strictObject({ ...counting }),
  unusual_admin_action: z.strictObject({ severity: z.enum(severities) }),
  receivers: receiversSchema,
})

/** The rules file: docs/detection.md says what each does, packages/detector/rules.yaml is the default. */
export const rulesSchema = rulesShape.refine(
  ({ learning_days, history_days }) => learning_days <= history_days,
  {
    path: ['learning_days'],
    message: 'must not be more than history_days: only so much is learned at a start',
  },
)

/** What the detector looks for. */
export type Rules = z.infer<typeof rulesSchema>

/** A rule about a series. */
export type SeriesRule = Rules['series'][string]
