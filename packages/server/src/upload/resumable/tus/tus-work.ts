/** A session, as far as the tus protocol speaks of it. */
export interface TusSession {
  /** Undefined while the client has not told it. */
  readonly length: number | undefined;
  readonly offset: number;
  /** The time in Unix milliseconds. */
  readonly expiresAt: number;
}

/** The work of one request, which the protocol's rules ask for in their order. */
export interface TusWork {
  /** Creates the session. @param length undefined if the client tells it later */
  create(length: number | undefined): Promise<void>;
  /** Takes the session for this request alone. */
  lock(): Promise<void>;
  unlock(): Promise<void>;
  look(): Promise<TusSession>;
  /** Takes the length of the file, which the request tells. It may come again, and never changes. */
  tellLength(length: number): Promise<void>;
  /** Takes the request's bytes. @returns the new offset */
  write(): Promise<number>;
  remove(): Promise<void>;
}
