const kinds = [
  'credential_stuffing',
  'password_spraying',
  'brute_force',
  'scraping',
  'scanner',
  'session_reuse',
  'unusual_admin_action',
  'login_failures',
]

/** Kinds of findings that somebody means us harm by, as a list in SQL. */
export const securityKinds = kinds.map((kind) => `'${kind}'`).join(', ')
