import { DataType, define, open, type JsExternal } from 'ffi-rs'

/** Calls of the C library that Node has no function for. */
const library = 'libc'
open({ library, path: process.platform === 'darwin' ? 'libSystem.dylib' : 'libc.so.6' })

const { External, I32, String: Text, U64, U8Array, Void } = DataType

const libc = define({
  flock: { library, retType: I32, paramsType: [I32, I32] },
  mkfifo: { library, retType: I32, paramsType: [Text, I32] },
  fcntl: { library, retType: I32, paramsType: [I32, I32, I32] },
  memcpy: { library, retType: Void, paramsType: [U8Array, External, U64] },
  strlen: { library, retType: U64, paramsType: [External] },
})

/** Locks an open file for this process unless another one has it; the kernel unlocks it when the process ends. */
export function tryLock(descriptor: number): boolean {
  const exclusive = 2
  const withoutWaiting = 4
  return libc.flock([descriptor, exclusive | withoutWaiting]) === 0
}

/** Makes a named pipe that only this user may open. @throws when the system refuses. */
export function makePipe(path: string): void {
  if (libc.mkfifo([path, 0o600]) !== 0) throw new Error(`The system makes no pipe at ${path}`)
}

/** `fcntl`; whether it worked is not told. */
export function changeDescriptor(descriptor: number, command: number, value: number): void {
  libc.fcntl([descriptor, command, value])
}

/** Copies foreign memory into a buffer that is as long. */
export function copyInto(target: Uint8Array, source: JsExternal): void {
  libc.memcpy([target, source, target.length])
}

/** The length of a text that ends with a zero byte. */
export function lengthOfText(text: JsExternal): number {
  return libc.strlen([text])
}
