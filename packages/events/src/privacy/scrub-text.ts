import { cleanLayers } from './layers.js'
import { replaceNamed } from './named-values.js'
import { replaceMails, replacePeople } from './people.js'
import type { Replace } from './replace.js'
import { replaceShaped } from './shaped-secrets.js'

const same = (text: string): string => text
const named = /[:=>]/

function replaceNamedAndShaped(text: string, replace: Replace): string {
  // By shape first: in `https://user:password@host` the colon parts no name from its value.
  const clean = replaceShaped(text, replace)
  return named.test(clean) ? replaceNamed(clean, replace) : clean
}

/** Cleans a sentence: credentials and people, by the names before them and by their shapes. */
export function scrubSentence(text: string, replace: Replace, encode = same): string {
  return cleanLayers(text, (layer) => replacePeople(replaceNamedAndShaped(layer, replace), replace), encode)
}

/** Cleans an identifier or a user agent: the same, but numbers with dots are versions there and no addresses. */
export function scrubLabel(text: string, replace: Replace): string {
  return cleanLayers(text, (layer) => replaceMails(replaceNamedAndShaped(layer, replace), replace), same)
}
