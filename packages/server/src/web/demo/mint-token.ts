import { SluiceError } from "@sluice/protocol";
import { type FetchHandler, type UploadPolicy, uploadTokenHandler } from "@sluice/token";
import type { Logger } from "pino";
import type { KeyPair } from "../../accounts/key-pair.ts";
import type { Config } from "../../config/config.ts";
import type { Connection } from "../../database/database.ts";
import { findAccount } from "../../database/repositories/accounts.ts";
import { listFullKeyPairs } from "../../database/repositories/key-pairs.ts";
import { carriesSecret } from "./demo-secret.ts";

/** The parts that the composition root gives the demo. */
export interface DemoDeps {
  readonly config: Pick<Config, "demo" | "imagekitId">;
  readonly database: { readonly reader: Connection };
  /** The secret of the link that a start prints. The token route answers only to requests that carry it. */
  readonly demoSecret: string;
  readonly logger: Pick<Logger, "error">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
  /** The address under which clients reach this server, without a trailing slash. */
  readonly publicUrl: () => string;
}

/**
 * The key pairs with which the demo may sign, the newest without an end first. They are looked up for each request, so
 * that a rotation takes effect at once. A page that was loaded before the rotation goes on with its own pair during
 * that pair's grace.
 */
export async function demoKeys({
  config,
  database,
  now,
}: Pick<DemoDeps, "config" | "database" | "now">): Promise<[KeyPair, ...KeyPair[]]> {
  const account = await findAccount(database.reader, { imagekit_id: config.imagekitId });
  const rows = account === undefined ? [] : await listFullKeyPairs(database.reader, account.id, now());
  const [newest, ...others] = rows.map((row) => ({ publicKey: row.public_key, privateKey: row.private_key }));
  if (newest === undefined) throw new SluiceError("PRIVATE_KEY_EXPIRED");
  return [newest, ...others];
}

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
  deps: Pick<DemoDeps, "config" | "database" | "demoSecret" | "logger" | "now">,
): FetchHandler {
  return async (request) => {
    const mint = uploadTokenHandler({
      keys: await demoKeys(deps),
      authorize: ({ headers }) => (carriesSecret(headers, deps.demoSecret) ? true : notByTheLink()),
      policy,
      onError: (error) => deps.logger.error({ err: error }, "the demo could not mint a token"),
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
