import type { UploadProgress } from "./types.ts";

export interface TransportRequest {
  readonly endpoint: string;
  /** The credentials of the upload, by form field. */
  readonly credentials: Credentials;
  /** The upload's parameters in canonical form. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly file: Blob | string;
  /** The name of this request. By it the server tells this request from another one with the same token. */
  readonly attempt: string;
}

/** A token, or a V1 signature. A signature comes with the token, expiry and key that it signs. */
export interface Credentials {
  readonly token: string;
  readonly signature?: string | undefined;
  readonly expire?: number | undefined;
  readonly publicKey?: string | undefined;
}

export interface TransportHooks {
  readonly signal: AbortSignal;
  /** The time in milliseconds. */
  readonly stallTimeout: number;
  readonly onProgress: (progress: UploadProgress) => void;
}

export interface TransportAnswer {
  readonly status: number;
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/**
 * Sends one upload to the server. Rejects with an UploadError NETWORK, STALLED or ABORTED if no answer came. The
 * outcome of the upload is unknown then.
 */
export type Transport = (request: TransportRequest, hooks: TransportHooks) => Promise<TransportAnswer>;
