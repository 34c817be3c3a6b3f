/** How bad something is, the mildest first. Only `warning` and `critical` wake people. */
export const severities = ['info', 'warning', 'critical'] as const

/** What is listed where no severity is asked for: what wakes people. */
export const severitiesByDefault: readonly (typeof severities)[number][] = ['warning', 'critical']

/** Whether something goes on. */
export const statuses = ['open', 'resolved'] as const
