import { SluiceError } from "@sluice/protocol";

/** The report of a delivery's failure: plain text for people, a header for programs (docs/protocol/delivery.md §12). */
export interface RefusalEntry {
  readonly status: number;
  /** The first half of the `ik-error` header. */
  readonly code:
    | "ENOENT"
    | "EINVALID"
    | "EAUTH"
    | "EFORBIDDEN"
    | "EACCES"
    | "ECONNREFUSED"
    | "ELIMIT"
    | "EENCODE"
    | "UNIDENTIFIED";
  /** The second half of the `ik-error` header. */
  readonly message: string;
  /** Plain text for people (see `bodyOf`). A refusal by the server as a whole, not by an account, is sent as JSON. */
  readonly body: string | SluiceError;
  /**
   * `brief` lets shared caches repeat the refusal for a minute. That is sound where the URL alone decides, and a
   * signature is part of the URL. A refusal that depends on the server's state or on another request header must not be
   * stored by any cache (`never`).
   */
  readonly cache: "brief" | "never";
}

export const refusals = {
  NOT_FOUND: {
    status: 404,
    code: "ENOENT",
    message: "Resource not found at any upstream origin",
    body: "Not Found",
    cache: "brief",
  },
  // The client may not know that there are accounts: it may be an SDK with a wrong base URL, or somebody's probe.
  ENDPOINT_NOT_FOUND: {
    status: 404,
    code: "ENOENT",
    message: "Resource not found at any upstream origin",
    body: new SluiceError("ROUTE_NOT_FOUND"),
    cache: "brief",
  },
  PATH_INVALID: {
    status: 400,
    code: "EINVALID",
    message: "Invalid path",
    body: "Bad Request",
    cache: "brief",
  },
  QUERY_INVALID: {
    status: 400,
    code: "EINVALID",
    message: "Invalid query",
    body: "Bad Request",
    cache: "brief",
  },
  TRANSFORMATION_INVALID: {
    status: 400,
    code: "EINVALID",
    message: "Invalid transformation",
    body: "Bad URL Transformation Request",
    cache: "brief",
  },
  // Whether the file of a layer is missing, or the client may not see it, is not told.
  LAYER_NOT_FOUND: {
    status: 400,
    code: "ENOENT",
    message: "overlay not found",
    body: "Bad URL Transformation Request",
    cache: "brief",
  },
  // Not stored by caches, because these depend on what the operator installs.
  FONTS_MISSING: {
    status: 400,
    code: "EINVALID",
    message: "Texts need the package @sluice/fonts: install it beside sluice",
    body: "Bad URL Transformation Request",
    cache: "never",
  },
  DETECTOR_MISSING: {
    status: 400,
    code: "EINVALID",
    message: "Focus on faces and objects needs the package @sluice/auto-tagging: install it beside sluice",
    body: "Bad URL Transformation Request",
    cache: "never",
  },
  // Not stored by caches, because these depend on the account's origins and their state.
  EXTERNAL_ORIGIN: {
    status: 400,
    code: "EINVALID",
    message: "URLs of other hosts are not available",
    body: "Bad Request",
    cache: "never",
  },
  UNLISTED_HOST: {
    status: 401,
    code: "EAUTH",
    message: "The web proxy reads this host for signed URLs alone",
    body: "Unauthorised Image Access",
    cache: "never",
  },
  ORIGIN_UNSUPPORTED: {
    status: 400,
    code: "EINVALID",
    message: "Origins of this type can't be read yet",
    body: "Bad Request",
    cache: "never",
  },
  ORIGIN_LOOP: {
    status: 400,
    code: "EINVALID",
    message: "The request comes from a server like this one, and must not lead to a further origin",
    body: "Bad Request",
    cache: "never",
  },
  ORIGIN_TOO_LARGE: {
    status: 400,
    code: "ELIMIT",
    message: "The origin's file is too large",
    body: "Bad Request",
    cache: "never",
  },
  ORIGIN_DENIED: {
    status: 404,
    code: "EACCES",
    message: "The origin denies access to the file",
    body: "Not Found",
    cache: "never",
  },
  // One text for whatever keeps a connection from being made: it must not tell what is where in a network.
  ORIGIN_UNREACHABLE: {
    status: 404,
    code: "ECONNREFUSED",
    message: "The origin could not be read",
    body: "Not Found",
    cache: "never",
  },
  ORIGIN_FAILED: {
    status: 404,
    code: "UNIDENTIFIED",
    message: "The origin failed",
    body: "Not Found",
    cache: "never",
  },
  UNNAMED: {
    status: 400,
    code: "EINVALID",
    message: "The account takes named transformations alone",
    body: "Bad Image Transformation Request",
    cache: "brief",
  },
  VIDEO_TRANSFORMATION: {
    status: 400,
    code: "EINVALID",
    message: "Video transformation not available",
    body: "Bad URL Transformation Request",
    cache: "brief",
  },
  TRANSFORMATION_LIMIT: {
    status: 400,
    code: "ELIMIT",
    message: "The image exceeds the limits of transformations",
    body: "Bad Image Transformation Request",
    cache: "brief",
  },
  // Not stored by caches, because the outcome also depends on the server's load.
  TRANSFORMATION_TIME: {
    status: 400,
    code: "ELIMIT",
    message: "The image took too long to render",
    body: "Bad Image Transformation Request",
    cache: "never",
  },
  IMAGE_UNREADABLE: {
    status: 400,
    code: "EINVALID",
    message: "The image can't be decoded",
    body: "Bad Image Transformation Request",
    cache: "brief",
  },
  // Not stored by caches, because it is tried again some minutes later.
  ENCODE_FAILED: {
    status: 400,
    code: "EENCODE",
    message: "The video can't be encoded",
    body: "Bad Video Transformation Request",
    cache: "never",
  },
  VIDEO_OUTSIDE: {
    status: 400,
    code: "EINVALID",
    message: "Videos of origins have stills alone: sprites and other videos are made of the library's files",
    body: "Bad Video Transformation Request",
    cache: "brief",
  },
  // Not stored by caches, because the outcome also depends on what is installed.
  FFMPEG_MISSING: {
    status: 400,
    code: "EINVALID",
    message: "Videos need FFmpeg 6.1 or newer: install it, or name it with --ffmpeg",
    body: "Bad Image Transformation Request",
    cache: "never",
  },
  // Not stored by caches, because the outcome also depends on what is installed.
  PAGES_MISSING: {
    status: 400,
    code: "EINVALID",
    message: "Pictures of PDF and PSD files need the package @sluice/pages: install it beside sluice",
    body: "Bad Image Transformation Request",
    cache: "never",
  },
  // Not stored by caches, because a provider may do it a few minutes later.
  AI_FAILED: {
    status: 400,
    code: "EENCODE",
    message: "The AI transformation failed",
    body: "Bad Image Transformation Request",
    cache: "never",
  },
  // Not stored by caches, because the operator may let anybody ask.
  AI_UNSIGNED: {
    status: 401,
    code: "EAUTH",
    message: "AI transformations take a signed URL, or one named transformation alone",
    body: "Unauthorised Image Access",
    cache: "never",
  },
  SIGNATURE_INVALID: {
    status: 401,
    code: "EAUTH",
    message: "Invalid request signature",
    body: "invalid request signature",
    cache: "brief",
  },
  SIGNATURE_EXPIRED: {
    status: 401,
    code: "EAUTH",
    message: "The time of the signature, ik-t, is over: sign a new URL",
    body: "invalid request signature",
    cache: "brief",
  },
  // Not stored by caches, because the outcome also depends on the account's switch.
  V1_SIGNATURE: {
    status: 401,
    code: "EAUTH",
    message: "While V1 uploads are on, the signature of this path is one of V1: sign it with a query, such as ?v=1",
    body: "invalid request signature",
    cache: "never",
  },
  UNSIGNED: {
    status: 401,
    code: "EAUTH",
    message: "The account's URLs have to be signed",
    body: "Unauthorised Image Access",
    cache: "brief",
  },
  PRIVATE: {
    status: 401,
    code: "EAUTH",
    message: "The file is private: sign its URL",
    body: "Unauthorised Image Access",
    cache: "brief",
  },
  ACCOUNT_DISABLED: {
    status: 403,
    code: "EFORBIDDEN",
    message: "The account is disabled",
    body: "Forbidden",
    cache: "brief",
  },
  // Not stored by caches, because these depend on the client.
  CLIENT_ADDRESS: {
    status: 403,
    code: "EFORBIDDEN",
    message: "The account does not deliver to this address",
    body: "Forbidden",
    cache: "never",
  },
  REFERRER: {
    status: 403,
    code: "EFORBIDDEN",
    message: "The account does not deliver to pages of this site",
    body: "Forbidden",
    cache: "never",
  },
  USER_AGENT: {
    status: 403,
    code: "EFORBIDDEN",
    message: "The account does not deliver to this user agent",
    body: "Forbidden",
    cache: "never",
  },
  COUNTRY: {
    status: 403,
    code: "EFORBIDDEN",
    message: "The account does not deliver to this country",
    body: "Forbidden",
    cache: "never",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    code: "EINVALID",
    message: "Use GET, HEAD or OPTIONS",
    body: "Method Not Allowed",
    cache: "never",
  },
  // If a cache stored a refused range under the URL, everybody would get that answer.
  RANGE_UNSATISFIABLE: {
    status: 416,
    code: "EINVALID",
    message: "The range begins beyond the end of the file",
    body: "Range Not Satisfiable",
    cache: "never",
  },
  INTERNAL: {
    status: 500,
    code: "UNIDENTIFIED",
    message: "Internal error",
    body: "Internal Server Error",
    cache: "never",
  },
  BUSY: {
    status: 503,
    code: "UNIDENTIFIED",
    message: "Too many images are being made",
    body: "Service Unavailable",
    cache: "never",
  },
  UNAVAILABLE: {
    status: 503,
    code: "UNIDENTIFIED",
    message: "Temporarily unavailable",
    body: "Service Unavailable",
    cache: "never",
  },
} as const satisfies Record<string, RefusalEntry>;
