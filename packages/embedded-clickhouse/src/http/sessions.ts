import { exception } from './errors.js'
import { limits } from '../limits.js'

/** A session as a request asks for it. */
export interface SessionRequest {
  id: string
  /** The same, told apart by user: another one who knows the name must not get into it. */
  key: string
  /** How long it is kept when idle, in seconds. */
  timeoutS: number
  /** Fail unless it exists. */
  check: boolean
  /** End it after this request. */
  close: boolean
}

interface Session {
  busy: boolean
  expiry: NodeJS.Timeout | undefined
}

/** Who uses which session, and for how long an idle one is kept. */
export class Sessions {
  readonly #sessions = new Map<string, Session>()

  /** @param end is called once for every session that is over. */
  constructor(private readonly end: (key: string) => void) {}

  /**
   * Takes a session, or makes it; the caller gives it back by calling what it gets.
   *
   * @throws {ClickhouseError} 373 when another request uses it, 372 when it must exist and does not.
   */
  take(request: SessionRequest): () => void {
    const { id, key } = request
    const known = this.#sessions.get(key)
    if (known?.busy === true)
      throw exception(373, 'SESSION_IS_LOCKED', `Session ${id} is locked by a concurrent client`)
    if (known === undefined && request.check)
      throw exception(372, 'SESSION_NOT_FOUND', `Session ${id} not found`)
    clearTimeout(known?.expiry)
    const session: Session = { busy: true, expiry: undefined }
    // Set anew, so that the order of the map is the order of use.
    this.#sessions.delete(key)
    this.#sessions.set(key, session)
    this.#makeRoom()
    return () => {
      session.busy = false
      if (request.close) this.#drop(key)
      else session.expiry = setTimeout(() => this.#drop(key), request.timeoutS * 1000).unref()
    }
  }

  #makeRoom(): void {
    if (this.#sessions.size <= limits.sessionsMax) return
    for (const [key, session] of this.#sessions)
      if (!session.busy) {
        clearTimeout(session.expiry)
        this.#drop(key)
        return
      }
  }

  #drop(key: string): void {
    this.#sessions.delete(key)
    this.end(key)
  }
}
