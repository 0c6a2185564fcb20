import { SluiceError } from "@sluice/protocol";
import type { CreatedWebhookEndpoint, WebhookEndpoint } from "@sluice/protocol/schemas";
import type { Principal } from "../accounts/authenticate.ts";
import type { Database } from "../database/database.ts";
import { findWebhook, listWebhooks, type WebhookEndpointRow } from "../database/repositories/webhooks.ts";
import { isId } from "../text/id.ts";
import type { EventsDeps } from "./deps.ts";
import { parseNewWebhook, parseReplay, parseWebhookChange } from "./parse-webhook.ts";
import { generateWebhookSecret } from "./webhook-secret.ts";
import {
  addWebhook,
  editWebhook,
  maxWebhooks,
  type ReplayOutcome,
  removeWebhook,
  replayEvents,
  typesOf,
  type WebhookOutcome,
} from "./webhook-transactions.ts";

export interface WebhookDeps extends Pick<EventsDeps, "config" | "now"> {
  readonly database: Database;
}

type Caller = Pick<Principal, "accountId" | "imagekitId">;
type Body = Readonly<Record<string, unknown>>;

/** Lists the account's endpoints without their secrets, the oldest first. */
export async function listEndpoints({ database }: WebhookDeps, { accountId }: Caller): Promise<WebhookEndpoint[]> {
  return (await listWebhooks(database.reader, accountId)).map(endpointObject);
}

/** @throws SluiceError PARAMETER_INVALID, ACCOUNT_DISABLED, TOO_MANY_WEBHOOK_ENDPOINTS */
export async function addEndpoint(deps: WebhookDeps, caller: Caller, body: Body): Promise<CreatedWebhookEndpoint> {
  const { database, now } = deps;
  const secret = generateWebhookSecret();
  const { imagekitId } = caller;
  const added = await database.run(addWebhook, { imagekitId, ...parseNewWebhook(deps, body), secret, now: now() });
  if ("problem" in added) {
    if (added.problem === "too many") throw new SluiceError("TOO_MANY_WEBHOOK_ENDPOINTS", { limit: maxWebhooks });
    throw new SluiceError("ACCOUNT_DISABLED");
  }
  return { ...endpointObject(await findEndpoint(deps, caller, added.id)), secret };
}

/** @throws SluiceError PARAMETER_INVALID, ACCOUNT_DISABLED, WEBHOOK_ENDPOINT_NOT_FOUND, WEBHOOK_ENDPOINT_CONFIGURED */
export async function changeEndpoint(
  deps: WebhookDeps,
  caller: Caller,
  id: string,
  body: Body,
): Promise<WebhookEndpoint> {
  const change = parseWebhookChange(deps, body);
  const { accountId } = caller;
  assertDone(isId(id) ? await deps.database.run(editWebhook, { id, accountId, change }) : "no webhook");
  return endpointObject(await findEndpoint(deps, caller, id));
}

/** @throws SluiceError ACCOUNT_DISABLED, WEBHOOK_ENDPOINT_NOT_FOUND, WEBHOOK_ENDPOINT_CONFIGURED */
export async function removeEndpoint({ database }: WebhookDeps, { accountId }: Caller, id: string): Promise<void> {
  assertDone(isId(id) ? await database.run(removeWebhook, { id, accountId }) : "no webhook");
}

/**
 * Sends an event that is still kept to the endpoint once more.
 * @throws SluiceError PARAMETER_INVALID, and what `replayRefusals` lists
 */
export async function replayEvent(
  { database }: WebhookDeps,
  { accountId }: Caller,
  id: string,
  body: Body,
): Promise<void> {
  const which = { eventId: parseReplay(body) };
  const outcome: ReplayOutcome = isId(id)
    ? await database.run(replayEvents, { id, accountId, which })
    : { problem: "no webhook" };
  if ("problem" in outcome) throw new SluiceError(replayRefusals[outcome.problem]);
}

const replayRefusals = {
  "no webhook": "WEBHOOK_ENDPOINT_NOT_FOUND",
  disabled: "WEBHOOK_ENDPOINT_DISABLED",
  "no event": "WEBHOOK_EVENT_NOT_FOUND",
  "account disabled": "ACCOUNT_DISABLED",
  waiting: "WEBHOOK_EVENT_WAITING",
} as const;

/** @throws SluiceError WEBHOOK_ENDPOINT_NOT_FOUND */
export async function findEndpoint(
  { database }: { readonly database: Pick<WebhookDeps["database"], "reader"> },
  { accountId }: Pick<Caller, "accountId">,
  id: string,
): Promise<WebhookEndpointRow> {
  const row = isId(id) ? await findWebhook(database.reader, id) : undefined;
  if (row === undefined || row.account_id !== accountId) throw new SluiceError("WEBHOOK_ENDPOINT_NOT_FOUND");
  return row;
}

function assertDone(outcome: WebhookOutcome): void {
  if (outcome === "account disabled") throw new SluiceError("ACCOUNT_DISABLED");
  if (outcome === "no webhook") throw new SluiceError("WEBHOOK_ENDPOINT_NOT_FOUND");
  if (outcome === "configured") throw new SluiceError("WEBHOOK_ENDPOINT_CONFIGURED");
}

function endpointObject(row: WebhookEndpointRow): WebhookEndpoint {
  const { id, url, status, origin, created_at: createdAt } = row;
  const events = typesOf(row);
  return { id, url, events: events === null ? null : [...events], status, origin, createdAt: timeOf(createdAt) };
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
