import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Connection } from "../../database/database.ts";
import { findOrigin, listOrigins } from "../../database/repositories/origins.ts";
import type { EndpointNeeds } from "../needs.ts";
import { createOrigin, maxOrigins, removeOrigin, replaceOrigin } from "./origin-transactions.ts";
import { newOriginId, type Origin, originOf } from "./origins.ts";
import { type ParsedOrigin, parseOrigin } from "./parse-origin.ts";

type Body = Readonly<Record<string, unknown>>;

/** Lists the origins in the order in which they were created. */
export async function listAllOrigins(reader: Connection, accountId: string): Promise<readonly Origin[]> {
  return (await listOrigins(reader, accountId)).map(originOf);
}

/** @throws SluiceError ORIGIN_NOT_FOUND */
export async function getOrigin(reader: Connection, accountId: string, id: string): Promise<Origin> {
  const row = await findOrigin(reader, accountId, id);
  if (row === undefined) throw refusals["not there"]();
  return originOf(row);
}

/** @throws SluiceError SECRETS_KEY_MISSING, what `parseOrigin` throws, and what `refusals` lists */
export async function addOrigin(needs: EndpointNeeds, { accountId }: Principal, body: Body): Promise<Origin> {
  const { database, now } = needs;
  const parsed = parseOrigin(body, needs.config);
  const id = newOriginId();
  const columns = columnsOf(needs, parsed, { accountId, originId: id });
  const outcome = await database.run(createOrigin, { accountId, id, columns, now: now() });
  if (outcome !== "done") throw refusals[outcome]();
  return { id, ...shownOf(parsed) };
}

/** @throws SluiceError SECRETS_KEY_MISSING, what `parseOrigin` throws, and what `refusals` lists */
export async function changeOrigin(
  needs: EndpointNeeds,
  { accountId }: Principal,
  id: string,
  body: Body,
): Promise<Origin> {
  const { database, now } = needs;
  const parsed = parseOrigin(body, needs.config);
  const columns = columnsOf(needs, parsed, { accountId, originId: id });
  const outcome = await database.run(replaceOrigin, { accountId, id, columns, now: now() });
  if (outcome !== "done") throw refusals[outcome]();
  return { id, ...shownOf(parsed) };
}

/** @throws SluiceError ORIGIN_NOT_FOUND, ORIGIN_IN_USE */
export async function dropOrigin(
  { database }: Pick<EndpointNeeds, "database">,
  { accountId }: Principal,
  id: string,
): Promise<void> {
  const outcome = await database.run(removeOrigin, { accountId, id });
  if (outcome !== "done") throw refusals[outcome]();
}

function columnsOf(
  { sealedSecrets }: Pick<EndpointNeeds, "sealedSecrets">,
  { name, type, settings, secrets }: ParsedOrigin,
  owner: { readonly accountId: string; readonly originId: string },
) {
  if (secrets !== undefined && !sealedSecrets.canSeal) throw new SluiceError("SECRETS_KEY_MISSING");
  const sealed = secrets === undefined ? null : sealedSecrets.seal(secrets, owner);
  return { name, type, settings: JSON.stringify(settings), secrets: sealed };
}

function shownOf({ name, type, settings }: ParsedOrigin): Omit<Origin, "id"> {
  return { name, type, settings };
}

const refusals = {
  "too many": () => new SluiceError("TOO_MANY_ORIGINS", { limit: maxOrigins }),
  "not there": () => new SluiceError("ORIGIN_NOT_FOUND"),
  "in use": () => new SluiceError("ORIGIN_IN_USE"),
} as const;
