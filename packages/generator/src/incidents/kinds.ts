import type { IncidentKind } from './incident-kind.js'
import type { Kind } from './kind.js'
import { bruteForce } from './kinds/brute-force.js'
import { checkoutFailures } from './kinds/checkout-failures.js'
import { credentialStuffing } from './kinds/credential-stuffing.js'
import { deployBlip } from './kinds/deploy-blip.js'
import { errorBurst } from './kinds/error-burst.js'
import { flashSale } from './kinds/flash-sale.js'
import { latencyRegression } from './kinds/latency-regression.js'
import { marketingPeak } from './kinds/marketing-peak.js'
import { nightlyBatch } from './kinds/nightly-batch.js'
import { outlyingCarts } from './kinds/outlying-carts.js'
import { passwordSpraying } from './kinds/password-spraying.js'
import { scanner } from './kinds/scanner.js'
import { scraping } from './kinds/scraping.js'
import { sessionReuse } from './kinds/session-reuse.js'
import { slowDegradation } from './kinds/slow-degradation.js'
import { trafficDrop } from './kinds/traffic-drop.js'

/** What each kind does. */
export const kinds: Record<IncidentKind, Kind> = {
  latency_regression: latencyRegression,
  error_burst: errorBurst,
  traffic_drop: trafficDrop,
  slow_degradation: slowDegradation,
  credential_stuffing: credentialStuffing,
  password_spraying: passwordSpraying,
  brute_force: bruteForce,
  scraping,
  scanner,
  checkout_failures: checkoutFailures,
  outlying_carts: outlyingCarts,
  session_reuse: sessionReuse,
  flash_sale: flashSale,
  deploy_blip: deployBlip,
  nightly_batch: nightlyBatch,
  marketing_peak: marketingPeak,
}
