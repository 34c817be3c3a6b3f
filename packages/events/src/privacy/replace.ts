import type { PersonalKind } from './pseudonyms.js'

/** Stands where a credential stood. */
export const dropped = '[dropped]'

/** Gives what may stand in the place of a secret or of a person. */
export type Replace = (kind: 'secret' | PersonalKind, value: string) => string
