import { type ErrorEntry, type ErrorReason, errorCatalogue, wireReasonOf } from "@sluice/protocol";
import { ErrorBody, errorsOf, type Operation } from "@sluice/protocol/schemas";
import type { Components } from "./components.ts";
import type { JsonSchema } from "./json-schema.ts";

export interface Response {
  readonly description: string;
  readonly headers?: JsonSchema;
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema | undefined }>>;
}

export interface Reference {
  readonly $ref: string;
}

/** Refusals that many operations have in common, by the name of their response. */
const shared: Readonly<Record<string, readonly ErrorReason[]>> = {
  HttpInvalid: ["HTTP_INVALID"],
  KeyMissing: ["PRIVATE_KEY_MISSING", "CONSOLE_SESSION_MISSING", "CONSOLE_SESSION_ENDED"],
  KeyRefused: [
    "ACCOUNT_NOT_AUTHENTICATED",
    "PRIVATE_KEY_EXPIRED",
    "KEY_NOT_ALLOWED",
    "ACCOUNT_DISABLED",
    "CONSOLE_REQUEST_FOREIGN",
    "CONSOLE_ELSEWHERE",
    "CONSOLE_NEEDS_HTTPS",
  ],
  PathUnknown: ["ROUTE_NOT_FOUND"],
  TooSlow: ["REQUEST_TIMEOUT"],
  BodyTooLarge: ["BODY_TOO_LARGE"],
  TooManyRequests: ["RATE_LIMIT_EXCEEDED"],
  HeadersTooLarge: ["HEADERS_TOO_LARGE"],
  Failed: ["INTERNAL_ERROR"],
  Unavailable: ["SERVER_STARTING", "SERVER_BUSY", "STORAGE_UNAVAILABLE", "STORAGE_FULL"],
  UnavailableOrUnknown: ["SERVER_STARTING", "SERVER_BUSY", "STORAGE_UNAVAILABLE", "STORAGE_FULL", "OUTCOME_UNKNOWN"],
};

const keyOf = (reasons: readonly ErrorReason[]): string => [...reasons].sort().join();
const sharedNames = new Map(Object.entries(shared).map(([name, reasons]) => [keyOf(reasons), name]));

/**
 * The refusals of an operation: by status, the response or the reference to it. A status that the operation's other
 * answers have as well is never a reference.
 */
export function errorResponses(
  operation: Operation,
  components: Components,
): ReadonlyMap<number, Response | Reference> {
  const byStatus = new Map<number, ErrorReason[]>();
  for (const reason of errorsOf(operation)) {
    const { status } = errorCatalogue[reason];
    byStatus.set(status, [...(byStatus.get(status) ?? []), reason]);
  }
  return new Map(
    [...byStatus].map(([status, reasons]) => {
      const name = status in operation.answers ? undefined : sharedNames.get(keyOf(reasons));
      return [status, name ? { $ref: `#/components/responses/${name}` } : errorResponse(reasons, components)];
    }),
  );
}

/** The responses that operations refer to by name. */
export function sharedResponses(components: Components): Readonly<Record<string, Response>> {
  return Object.fromEntries(
    Object.entries(shared).map(([name, reasons]) => [name, errorResponse(reasons, components)]),
  );
}

function errorResponse(reasons: readonly ErrorReason[], components: Components): Response {
  const reason = { enum: [...new Set(reasons.map(wireReasonOf))] };
  const schema = { allOf: [components.of(ErrorBody), { type: "object", properties: { reason } }] };
  return { description: describe(reasons), content: { "application/json": { schema } } };
}

function describe(reasons: readonly ErrorReason[]): string {
  return reasons
    .map((key) => {
      const { message }: ErrorEntry = errorCatalogue[key];
      return `- \`${wireReasonOf(key)}\`: ${message.replaceAll(/[{}]/g, (brace) => (brace === "{" ? "‹" : "›"))}`;
    })
    .join("\n");
}
