import { createHash } from 'node:crypto'

/** Of all our assets; drawn once. */
const namespace = Buffer.from('6f0d1c5ae0b14f0f9c9b0d3a5c7e4a21', 'hex')

/** The uuid, version 5, of a thing's kind and name: the same at every import, so that nothing is doubled. */
export function uuidOf(kind: 'database' | 'dataset' | 'chart' | 'dashboard', name: string): string {
  const bytes = createHash('sha1').update(namespace).update(`${kind}/${name}`).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
