interface BodyEvents {
  (event: "data", listener: (chunk: Uint8Array) => void): unknown;
  (event: "end", listener: () => void): unknown;
  (event: "error", listener: (error: Error) => void): unknown;
  (event: "close", listener: () => void): unknown;
}

/** The part of `http.IncomingMessage` that is used, so that this package needs nothing of Node. */
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
  /** Express and its kin: the URL before a router has cut off where it is mounted. */
  readonly originalUrl?: string | undefined;
  /** Express and its kin: what a body parser has made of the body. */
  readonly body?: unknown;
}

/** The part of `http.ServerResponse` that is used. */
export interface NodeResponse {
  readonly destroyed: boolean;
  statusCode: number;
  setHeader(name: string, value: string | string[]): unknown;
  end(body?: Uint8Array): unknown;
  destroy(): unknown;
  on(event: "close", listener: () => void): unknown;
  off(event: "close", listener: () => void): unknown;
}
