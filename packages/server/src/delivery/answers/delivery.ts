import type { Readable } from "node:stream";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { Grounds } from "../remembered-answers.ts";

/** A delivery that is decided but not sent. HEAD sends it without its body. */
export interface Answer {
  readonly status: 200 | 206 | 302 | 304;
  readonly headers: Readonly<Record<string, string>>;
  /** The version whose bytes it is as they are stored. */
  readonly stored?: DeliverableRow;
  /** Which derived file it is, whole. */
  readonly derived?: { readonly key: string; readonly digest: string };
  /** As long as that is the same, so is the answer to the same request. */
  readonly grounds?: Grounds;
  /** Opened by whoever sends it, and then his to read to its end or to destroy. */
  readonly body?: Uint8Array | ((signal: AbortSignal) => Promise<Readable>);
}

/**
 * Sent with every answer of the delivery routes, refusals included (docs/protocol/delivery.md §9.1,
 * docs/architecture.md decision 9).
 */
export const standingHeaders = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "ETag, Content-Length, Content-Range, Accept-Ranges, Content-DPR, ik-error, is-intermediate-response, x-ik-requestId, x-request-id",
  "cross-origin-resource-policy": "cross-origin",
  "timing-allow-origin": "*",
  "x-content-type-options": "nosniff",
} as const;

/** Keeps users' pages and pictures with scripts from running in the origin that they share with the server. */
export const sandboxPolicy = "sandbox; default-src 'none'";
