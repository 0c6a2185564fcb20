/** The role of a key pair says what the pair may be used for. It is fixed when the pair is made. */
export type KeyRole = "full" | "read" | "upload";

export type Credential =
  | "consoleSession"
  | "metricsToken"
  | "privateKey"
  | "uploadToken"
  | "urlSignature"
  | "v1Signature";

/** The credentials that open an operation. */
export interface Access {
  /** One of these is enough. Without any, everybody may call the operation. */
  readonly credentials: readonly Credential[];
  /** The roles of the key pairs whose private key, or whose signature, opens the operation. */
  readonly keys: readonly KeyRole[];
}

export const anybody = { credentials: [], keys: [] } as const satisfies Access;

/** Requests of the media API that change nothing. */
export const reading = {
  credentials: ["privateKey", "consoleSession"],
  keys: ["full", "read"],
} as const satisfies Access;

/** Requests of the media API that change something. */
export const changing = { credentials: ["privateKey", "consoleSession"], keys: ["full"] } as const satisfies Access;

/** Requests of the server's own API, even those that change nothing. Pairs that may only read have the media API. */
export const managing = { credentials: ["privateKey", "consoleSession"], keys: ["full"] } as const satisfies Access;

/** Requests that only somebody who has signed in to the console sends. */
export const signedIn = { credentials: ["consoleSession"], keys: ["full", "read"] } as const satisfies Access;

/** Those of them that change something. */
export const signedInToChange = { credentials: ["consoleSession"], keys: ["full"] } as const satisfies Access;

export const uploading = {
  credentials: ["privateKey", "uploadToken"],
  keys: ["full", "upload"],
} as const satisfies Access;

/** V1 client uploads take a signature by a full key. */
export const uploadingV1 = {
  credentials: ["privateKey", "v1Signature"],
  keys: ["full", "upload"],
} as const satisfies Access;

/** Questions about the upload that presented a token. */
export const askingByToken = { credentials: ["uploadToken"], keys: ["full", "upload"] } as const satisfies Access;

/** The address of an upload's session is the credential. Its key pair, and its account, must still be in force. */
export const withUploadAddress = { credentials: [], keys: ["full", "upload"] } as const satisfies Access;

/** A download whose address is the credential. The key pair that asked for it must still be in force. */
export const withZipTicket = { credentials: [], keys: ["full", "read"] } as const satisfies Access;

export const monitoring = { credentials: ["metricsToken"], keys: [] } as const satisfies Access;
