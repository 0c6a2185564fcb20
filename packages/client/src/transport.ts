import type { UploadProgress } from "./types.ts";

export interface TransportRequest {
  readonly endpoint: string;
  /** What lets it in, by form field. */
  readonly credentials: Credentials;
  /** In canonical form. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly file: Blob | string;
  /** A name for this request, by which the server tells it from another with the same token. */
  readonly attempt: string;
}

/** A token; or a V1 signature, which stands with the token, expiry and key that it signs for. */
export interface Credentials {
  readonly token: string;
  readonly signature?: string | undefined;
  readonly expire?: number | undefined;
  readonly publicKey?: string | undefined;
}

export interface TransportHooks {
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly stallTimeout: number;
  readonly onProgress: (progress: UploadProgress) => void;
}

export interface TransportAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/**
 * Brings one upload to the server. Rejects with an UploadError NETWORK, STALLED or ABORTED where no answer came: what
 * became of the upload is open then.
 */
export type Transport = (request: TransportRequest, hooks: TransportHooks) => Promise<TransportAnswer>;
