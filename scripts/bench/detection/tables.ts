import { median } from '../../median.js'
import type { Match } from './match.js'

/** Lines of two tables: what was found of each kind, and how often look-alikes were reported. */
export function describeKinds(matches: readonly Match[], baseline: readonly Match[]): string[] {
  return [
    row('kind', 'planted', 'found', 'recall', 'median delay', 'baseline found', 'baseline delay'),
    ...incidentKindsOf(matches).map((kind) => {
      const [own, plain] = [delaysOf(matches, kind), delaysOf(baseline, kind)]
      const recall = (own.found.length / own.planted).toFixed(2)
      return row(
        kind,
        own.planted,
        own.found.length,
        recall,
        inMinutes(own.found),
        plain.found.length,
        inMinutes(plain.found),
      )
    }),
    row('look-alike', 'planted', 'reported', '', '', 'by baseline', ''),
    ...lookalikeKindsOf(matches).map((kind) => {
      const planted = matches.flatMap(({ lookalikes }) => lookalikes).filter((one) => one.kind === kind)
      return row(kind, planted.length, reported(matches, kind), '', '', reported(baseline, kind), '')
    }),
  ]
}

/** What one scenario's detector got wrong, a line each: for whoever wants to know why. */
export function describeMistakes({ incidents, wrong }: Match): string[] {
  const missed = incidents.filter(({ delayS }) => delayS === undefined)
  return [
    ...missed.map(
      ({ planted: { kind, detail, startedSeconds } }) =>
        `missed ${timeOf(startedSeconds)} ${kind}: ${detail}`,
    ),
    ...wrong.map(({ claim: { title, kinds, startedSeconds }, lookalike }) => {
      const on = lookalike === undefined ? '' : ` (on a look-alike: ${lookalike.kind})`
      return `false ${timeOf(startedSeconds)} ${[...new Set(kinds)].join(', ')}: ${title}${on}`
    }),
  ]
}

function incidentKindsOf(matches: readonly Match[]): string[] {
  return [
    ...new Set(matches.flatMap(({ incidents }) => incidents.map(({ planted }) => planted.kind))),
  ].toSorted()
}

function lookalikeKindsOf(matches: readonly Match[]): string[] {
  return [...new Set(matches.flatMap(({ lookalikes }) => lookalikes.map(({ kind }) => kind)))].toSorted()
}

function delaysOf(matches: readonly Match[], kind: string): { planted: number; found: number[] } {
  const own = matches.flatMap(({ incidents }) => incidents).filter(({ planted }) => planted.kind === kind)
  return { planted: own.length, found: own.flatMap(({ delayS }) => delayS ?? []) }
}

/** How many look-alikes of a kind something was told about. */
function reported(matches: readonly Match[], kind: string): number {
  const about = matches.flatMap(({ wrong }) => wrong.map(({ lookalike }) => lookalike))
  return new Set(about.filter((lookalike) => lookalike?.kind === kind)).size
}

function inMinutes(delaysS: readonly number[]): string {
  return delaysS.length === 0 ? '–' : `${(median(delaysS) / 60).toFixed(1)} min`
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 16)
}

function row(name: string, ...cells: (string | number)[]): string {
  return name.padEnd(22) + cells.map((cell) => String(cell).padStart(15)).join('')
}
