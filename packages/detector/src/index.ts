export { SeriesEngine, type Verdict } from './series/series-engine.js'
