/**
 * Superset knows no phones: they lay its pages out on 980 pixels and show them small. There, charts go below each other, each
 * enlarged to the page's width (numbers: to half of it). Their pixels are drawn for the columns that they take of
 * twelve, so that width is what they are told apart by.
 */
const onPhones = [
  [225, 2.05],
  [305, 3.1],
  [385, 2.45],
  [466, 2.03],
  [546, 1.73],
  [626, 1.51],
]
  .map(([px, zoom]) => `  .resizable-container[style*="width: ${px}"] { zoom: ${zoom}; }`)
  .join('\n')

/** A table over the whole width has too many columns for a phone: there each row is a card. */
const whole = '.resizable-container[style*="width: 94"]'

/** What Superset's own look lacks. */
export const styles = `/* A table of the worst has an end: that is no warning. */
[aria-describedby="tt-rowcount-tooltip"] { display: none !important; }
@media (max-device-width: 600px) {
  .grid-row { flex-wrap: wrap !important; gap: 24px 16px !important; height: auto !important; }
  .grid-row > * { margin: 0 !important; }
${onPhones}
  /* Three numbers beside each other: to half of it, too. */
  .resizable-container[style*="width: 305"][style*="height: 160"] { zoom: 1.52; }
  /* Tables measure their cells enlarged, and would be drawn twice as wide. */
  .resizable-container table { table-layout: fixed !important; width: 100% !important; }
  .resizable-container col { width: auto !important; }
  .resizable-container col:first-child { width: 36% !important; }
  .resizable-container th, .resizable-container td { overflow: hidden; text-overflow: ellipsis; }
  ${whole} col:first-child { width: 100% !important; }
  ${whole} tbody, ${whole} tbody tr, ${whole} tbody td { display: block !important; width: auto !important; height: auto !important; }
  ${whole} tbody tr { padding: 12px 0; border-bottom: 2px solid #8C9BAB; }
  ${whole} tbody td { font-size: 30px; line-height: 1.35; border: 0 !important; white-space: normal !important; overflow-wrap: anywhere; }
  ${whole} [data-test="slice-header"] { font-size: 30px; }
}
`
