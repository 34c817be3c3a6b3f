/** What the detector can find. The generator plants incidents by the same names. */
export const findingKinds = [
  'latency_regression',
  'slow_degradation',
  'error_burst',
  'traffic_drop',
  'traffic_surge',
  'checkout_failures',
  'login_failures',
  'credential_stuffing',
  'password_spraying',
  'brute_force',
  'scraping',
  'scanner',
  'session_reuse',
  'outlying_carts',
  'unusual_admin_action',
  'no_events',
] as const

/** One of {@link findingKinds}. */
export type FindingKind = (typeof findingKinds)[number]
