import type { Dashboard } from './dashboard.js'
import { behaviour } from './dashboards/behaviour.js'
import { commerce } from './dashboards/commerce.js'
import { errors } from './dashboards/errors.js'
import { performance } from './dashboards/performance.js'
import { pipeline } from './dashboards/pipeline.js'
import { security } from './dashboards/security.js'

/** All dashboards, as they are listed. */
export const dashboards: readonly Dashboard[] = [performance, errors, behaviour, security, commerce, pipeline]
