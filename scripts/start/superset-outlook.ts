import { isInstalled } from '../superset/environment.js'
import type { StartConfig } from './config.js'

/** What will become of Superset in this start. */
export type SupersetOutlook = 'left out' | 'no Python' | 'to be installed' | 'installed'

/** What is said of Superset before it answers. */
export const outlookSentence: Record<SupersetOutlook, string> = {
  'left out': 'none (--no-superset)',
  'no Python': 'none (no Python that fits)',
  'to be installed': 'follows; this first time it is installed, which takes minutes',
  installed: 'follows',
}

/** Looks what Superset would run on, before anything is started that links to it. */
export async function lookForSuperset(config: StartConfig): Promise<SupersetOutlook> {
  if (config.noSuperset) return 'left out'
  try {
    return (await isInstalled(config.python)) ? 'installed' : 'to be installed'
  } catch {
    // Superset's own start says what to install.
    return 'no Python'
  }
}

/** Whether there will be something to link to. */
export function isExpected(outlook: SupersetOutlook): boolean {
  return outlook === 'installed' || outlook === 'to be installed'
}
