/** What can be planted over time; the detector's findings have the same names. */
export const incidentKinds = [
  'latency_regression',
  'error_burst',
  'traffic_drop',
  'slow_degradation',
  'credential_stuffing',
  'password_spraying',
  'brute_force',
  'scraping',
  'scanner',
  'checkout_failures',
  'outlying_carts',
  'session_reuse',
] as const

/** What looks like an incident and is none. */
export const lookalikeKinds = ['flash_sale', 'deploy_blip', 'nightly_batch', 'marketing_peak'] as const

/** One of {@link incidentKinds} or {@link lookalikeKinds}. */
export type IncidentKind = (typeof incidentKinds)[number] | (typeof lookalikeKinds)[number]
