/** A session, as far as the tus protocol speaks of it. */
export interface TusSession {
  readonly length: number;
  readonly offset: number;
  /** The time in Unix milliseconds. */
  readonly expiresAt: number;
}

/** The work of one request, which the protocol's rules ask for in their order. */
export interface TusWork {
  /** Creates the session. */
  create(length: number): Promise<void>;
  /** Takes the session for this request alone. */
  lock(): Promise<void>;
  unlock(): Promise<void>;
  look(): Promise<TusSession>;
  /** Takes the request's bytes. @returns the new offset */
  write(): Promise<number>;
  remove(): Promise<void>;
}
