export { bundle, type AssetFile } from './bundle.js'
export { dashboardsMarkdown } from './markdown.js'
