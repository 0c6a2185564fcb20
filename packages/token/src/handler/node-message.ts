interface BodyEvents {
  (event: "data", listener: (chunk: Uint8Array) => void): unknown;
  (event: "end", listener: () => void): unknown;
  (event: "error", listener: (error: Error) => void): unknown;
  (event: "close", listener: () => void): unknown;
}

/**
 * The part of `http.IncomingMessage` that this package uses. It is declared here so that the package needs nothing of
 * Node.
 */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket: object;
  readonly destroyed: boolean;
  readonly readableEnded: boolean;
  readonly on: BodyEvents;
  readonly off: BodyEvents;
  pause(): unknown;
  resume(): unknown;
  /** The URL before a router removes its mount path, in Express and similar frameworks. */
  readonly originalUrl?: string | undefined;
  /** The result of a body parser, in Express and similar frameworks. */
  readonly body?: unknown;
}

/** The part of `http.ServerResponse` that this package uses. */
export interface NodeResponse {
  readonly destroyed: boolean;
  statusCode: number;
  setHeader(name: string, value: string | string[]): unknown;
  end(body?: Uint8Array): unknown;
  destroy(): unknown;
  on(event: "close", listener: () => void): unknown;
  off(event: "close", listener: () => void): unknown;
}
