export { bundle, type AssetFile } from './bundle.js'
