/**
 * The headers of every answer of the delivery routes, refusals included (docs/protocol/delivery.md §9.1,
 * docs/architecture.md decision 9).
 */
export const commonHeaders = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "ETag, Content-Length, Content-Range, Accept-Ranges, Content-DPR, ik-error, is-intermediate-response, x-sluice-progress, x-ik-requestId, x-request-id",
  "cross-origin-resource-policy": "cross-origin",
  "timing-allow-origin": "*",
  "x-content-type-options": "nosniff",
} as const;

/** Prevents users' pages, and pictures with scripts, from running in the origin that they share with the server. */
export const sandboxPolicy = "sandbox; default-src 'none'";
