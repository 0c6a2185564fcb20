import type { ErrorReason } from "../error-catalogue.ts";
import type { Operation } from "./operation.ts";

/** Refusals that any request may get. */
export const errorsAnywhere = [
  "HTTP_INVALID",
  "HEADERS_TOO_LARGE",
  "REQUEST_TIMEOUT",
  "ROUTE_NOT_FOUND",
  "SERVER_STARTING",
  "SERVER_BUSY",
  "STORAGE_UNAVAILABLE",
  "STORAGE_FULL",
  "INTERNAL_ERROR",
] as const satisfies readonly ErrorReason[];

/** Refusals of a key pair, whether a request shows its private key or a signature. */
const ofKeyPairs = [
  "ACCOUNT_NOT_AUTHENTICATED",
  "PRIVATE_KEY_EXPIRED",
  "ACCOUNT_DISABLED",
  "KEY_NOT_ALLOWED",
] as const satisfies readonly ErrorReason[];

/** Refusals of a session of the console, in whose stead a request may show a private key. */
const ofSessions = [
  "CONSOLE_SESSION_MISSING",
  "CONSOLE_SESSION_ENDED",
  "CONSOLE_REQUEST_FOREIGN",
  "CONSOLE_ELSEWHERE",
  "CONSOLE_NEEDS_HTTPS",
] as const satisfies readonly ErrorReason[];

const ofBodies = ["BODY_INVALID", "BODY_TOO_LARGE"] as const satisfies readonly ErrorReason[];

/** Every refusal of an operation: its own, and those that come with its access and its method. */
export function errorsOf({ method, path, access, errors }: Operation): readonly ErrorReason[] {
  const byKey = access.credentials.includes("privateKey");
  const bySession = access.credentials.includes("consoleSession");
  // A URL that is signed by a pair that may not sign it is refused like any other wrong signature.
  const tellsPair =
    access.keys.length > 0 && access.credentials.some((one) => one !== "urlSignature" && one !== "consoleSession");
  return [
    ...new Set([
      ...errors,
      ...(byKey ? (["PRIVATE_KEY_MISSING"] as const) : []),
      ...(tellsPair ? ofKeyPairs : []),
      ...(bySession ? ([...ofSessions, "KEY_NOT_ALLOWED"] as const) : []),
      // The rate limit counts requests of the media API alone.
      ...(byKey && path.startsWith("/v1/") ? (["RATE_LIMIT_EXCEEDED"] as const) : []),
      ...(method === "GET" ? [] : ([...ofBodies, "OUTCOME_UNKNOWN"] as const)),
      ...errorsAnywhere,
    ]),
  ];
}
