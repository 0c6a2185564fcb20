import { type FetchHandler, type UploadPolicy, uploadTokenHandler } from "@sluice/token";
import { demoKeys } from "./demo-keys.ts";
import { carriesSecret } from "./demo-secret.ts";
import type { DemoNeeds } from "./needs.ts";

/** The folder in which every upload of the demo page is stored, whatever the page asks for. */
export const demoFolder = "/demo";

/**
 * The lifetime in seconds. A token lives long enough to be presented again and to be refused as used rather than as
 * expired.
 */
export const demoTokenSeconds = 900;

const policy: UploadPolicy = {
  allow: ["fileName", "useUniqueFileName", "tags", "responseFields"],
  force: { folder: demoFolder },
  maxLifetime: demoTokenSeconds,
};

/**
 * The demo's token route: the backend of the guide's flow, with a policy (docs/protocol/upload.md §3, "Backend
 * contract").
 */
export function demoTokenHandler(
  needs: Pick<DemoNeeds, "config" | "database" | "demoSecret" | "logger" | "now">,
): FetchHandler {
  return async (request) => {
    const mint = uploadTokenHandler({
      keys: await demoKeys(needs),
      authorize: ({ headers }) => (carriesSecret(headers, needs.demoSecret) ? true : notByTheLink()),
      policy,
      onError: (error) => needs.logger.error({ err: error }, "the demo could not mint a token"),
    });
    return mint(request);
  };
}

function notByTheLink(): Response {
  const body = {
    message: "The demo gives tokens to its own page alone, opened by the link that the server printed at its start.",
    help: "Open that link again: each start prints a new one. Your own backend mints tokens for your own pages.",
    reason: "NOT_THE_DEMO_PAGE",
  };
  return Response.json(body, { status: 403 });
}
