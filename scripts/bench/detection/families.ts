import type { FindingKind } from '@pulsehouse/platform'

/** What is the same thing seen from another side: whoever reports one of a family has found any of it. */
const families: readonly (readonly FindingKind[])[] = [
  ['latency_regression', 'slow_degradation'],
  ['error_burst', 'checkout_failures'],
  ['traffic_drop', 'no_events'],
  ['credential_stuffing', 'password_spraying', 'brute_force', 'login_failures'],
  ['scraping', 'scanner'],
  ['session_reuse'],
  ['outlying_carts'],
]

/** What else shows that something was planted: who forces their way into an administrator's account acts as one. */
const further: Readonly<Record<string, readonly FindingKind[]>> = { brute_force: ['unusual_admin_action'] }

/** The kinds of findings that show a planted kind. */
export function kindsThatShow(planted: string): readonly FindingKind[] {
  const own = families.find((family) => family.some((kind) => kind === planted)) ?? []
  return [...own, ...(further[planted] ?? [])]
}
