/**
 * @typedef {object} Point
 * @property {number} timeMs Milliseconds since 1970.
 * @property {number | null} value Null where nothing was measured: the line has a gap there.
 */

/**
 * @typedef {object} ChartOptions
 * @property {string} title What is drawn, for those who listen to the page.
 * @property {'line' | 'bars'} shape
 * @property {(value: number) => string} format Writes a value with its unit.
 */

/** The drawing's own units; the page stretches it to its box. */
const width = 600
const height = 150
const svgNamespace = 'http://www.w3.org/2000/svg'

/**
 * Draws points over time into a box, instead of what was there.
 *
 * @param {Element} box
 * @param {readonly Point[]} points At equal distances, the oldest first.
 * @param {ChartOptions} options
 */
export function drawChart(box, points, { title, shape, format }) {
  const top = niceTop(Math.max(0, ...points.map(({ value }) => value ?? 0)))
  const x = (/** @type {number} */ index) => ((index + 0.5) / points.length) * width
  const y = (/** @type {number} */ value) => height - (value / top) * (height - 6)
  const drawing = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': `${title}: ${summaryOf(points, format)}`,
    'data-points': points.filter(({ value }) => value !== null).length,
  })
  for (const share of [0.5, 1]) {
    drawing.append(svg('line', { class: 'grid', x1: 0, x2: width, y1: y(top * share), y2: y(top * share) }))
  }
  drawing.append(...(shape === 'bars' ? bars(points, x, y) : lines(points, x, y)))
  const mark = svg('line', { class: 'mark', y1: 0, y2: height, visibility: 'hidden' })
  drawing.append(mark)
  const told = element('span', 'told', '')
  const scale = element('div', 'scale', '')
  scale.append(
    element('span', '', format(top)),
    element('span', '', format(top / 2)),
    element('span', '', '0'),
  )
  const axis = element('div', 'axis', '')
  for (const point of [points[0], points[Math.floor(points.length / 2)], points.at(-1)]) {
    axis.append(element('span', '', point === undefined ? '' : clock(point.timeMs)))
  }
  drawing.addEventListener('pointermove', (event) => {
    const share = event.offsetX / drawing.getBoundingClientRect().width
    const index = Math.min(points.length - 1, Math.max(0, Math.floor(share * points.length)))
    const point = points[index]
    if (point === undefined) return
    mark.setAttribute('visibility', 'visible')
    mark.setAttribute('x1', String(x(index)))
    mark.setAttribute('x2', String(x(index)))
    told.textContent = `${clock(point.timeMs)}  ${point.value === null ? 'nothing measured' : format(point.value)}`
  })
  drawing.addEventListener('pointerleave', () => {
    mark.setAttribute('visibility', 'hidden')
    told.textContent = ''
  })
  const plot = element('div', 'plot', '')
  plot.append(drawing, scale, told)
  box.replaceChildren(plot, axis)
}

/**
 * A line for every stretch without a gap, and what lies under it.
 *
 * @param {readonly Point[]} points
 * @param {(index: number) => number} x
 * @param {(value: number) => number} y
 * @returns {SVGElement[]}
 */
function lines(points, x, y) {
  /** @type {[number, number][][]} */
  const stretches = [[]]
  points.forEach(({ value }, index) => {
    if (value === null) stretches.push([])
    else stretches.at(-1)?.push([x(index), y(value)])
  })
  return stretches
    .filter((stretch) => stretch.length > 0)
    .flatMap((stretch) => {
      // A point by itself is drawn as a short dash: a line of no length is not seen.
      const [first, last] = [stretch[0]?.[0] ?? 0, stretch.at(-1)?.[0] ?? 0]
      const way =
        stretch.length === 1
          ? [
              [first - 3, stretch[0]?.[1]],
              [first + 3, stretch[0]?.[1]],
            ]
          : stretch
      const text = way.map(([a, b]) => `${a},${b}`).join(' L')
      return [
        svg('path', { class: 'area', d: `M${first},${height} L${text} L${last},${height} Z` }),
        svg('path', { class: 'line', d: `M${text}` }),
      ]
    })
}

/**
 * @param {readonly Point[]} points
 * @param {(index: number) => number} x
 * @param {(value: number) => number} y
 * @returns {SVGElement[]}
 */
function bars(points, x, y) {
  const thickness = (width / points.length) * 0.7
  return points.flatMap(({ value }, index) =>
    value === null || value === 0
      ? []
      : [
          svg('rect', {
            class: 'bar',
            x: x(index) - thickness / 2,
            y: y(value),
            width: thickness,
            height: height - y(value),
          }),
        ],
  )
}

/**
 * The smallest of 1, 2, 5, 10, 20 … that is not below a value; 1 where there is nothing.
 *
 * @param {number} value
 */
function niceTop(value) {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ([1, 1.5, 2, 3, 4, 5, 8, 10].find((step) => value <= step * power) ?? 10)
}

/**
 * @param {readonly Point[]} points
 * @param {(value: number) => string} format
 */
function summaryOf(points, format) {
  const values = points.flatMap(({ value }) => value ?? [])
  const last = values.at(-1)
  if (last === undefined) return 'nothing measured'
  return `from ${format(Math.min(...values))} to ${format(Math.max(...values))}, at last ${format(last)}`
}

/**
 * A time of day in UTC, hours and minutes.
 *
 * @param {number} timeMs
 */
function clock(timeMs) {
  return new Date(timeMs).toISOString().slice(11, 16)
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElement}
 */
function svg(name, attributes) {
  const made = document.createElementNS(svgNamespace, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  return made
}

/**
 * Makes an element with a class and a text.
 *
 * @param {string} name
 * @param {string} className
 * @param {string} text
 */
export function element(name, className, text) {
  const made = document.createElement(name)
  if (className !== '') made.className = className
  made.textContent = text
  return made
}
