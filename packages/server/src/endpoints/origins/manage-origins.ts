import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Connection } from "../../database/database.ts";
import { lockAccount } from "../../database/repositories/accounts.ts";
import { findOrigin, insertOrigin, listOrigins } from "../../database/repositories/origins.ts";
import { deleteOwned, type OwnedRow, updateOwned } from "../../database/repositories/owned-rows.ts";
import { listUrlEndpoints } from "../../database/repositories/url-endpoints.ts";
import { unknownParameter } from "../../text/parameter.ts";
import type { EndpointDeps } from "../deps.ts";
import { isOriginType, type MemberRules, membersOf, type OriginType } from "./origin-types.ts";
import { newOriginId, type Origin, type OriginSettings, originOf } from "./origins.ts";
import type { OriginSecrets } from "./sealed-secrets.ts";

export interface ParsedOrigin {
  readonly name: string;
  readonly type: OriginType;
  readonly settings: OriginSettings;
  /** The secrets; undefined for a type without any, and where all of them are empty. */
  readonly secrets: OriginSecrets | undefined;
}

type Body = Readonly<Record<string, unknown>>;

/**
 * Parses the body that creates an origin, or replaces one. No refusal quotes a value.
 * @throws SluiceError ORIGIN_TYPE_INVALID, ORIGIN_INVALID, PARAMETER_INVALID
 */
export function parseOrigin(body: Body, rules: MemberRules): ParsedOrigin {
  const { type } = body;
  if (!isOriginType(type)) throw new SluiceError("ORIGIN_TYPE_INVALID");
  const members = membersOf(type);
  const other = Object.keys(body).find((member) => member !== "type" && !Object.hasOwn(members, member));
  if (other !== undefined) throw unknownParameter(other, ["type", ...Object.keys(members)]);
  const settings: Record<string, OriginSettings[string]> = {};
  const secrets: Record<string, string> = {};
  for (const [member, { required, secret, standard, problemOf }] of Object.entries(members)) {
    const value = body[member] ?? missing(body, member, standard);
    if (value === undefined && required !== true) continue;
    if (value === undefined || (required && typeof value !== "string")) {
      throw invalid(member, "is required and must be a string");
    }
    const problem = problemOf(value, rules);
    if (problem !== undefined) throw invalid(member, problem);
    if (secret) secrets[member] = value as string;
    else settings[member] = value as OriginSettings[string];
  }
  refuseHalfKeys(settings, secrets);
  const { name, ...others } = settings as OriginSettings & { readonly name: string };
  const hasSecrets = Object.values(secrets).some((value) => value !== "");
  return { name, type, settings: others, secrets: hasSecrets ? secrets : undefined };
}

/** With a role, the keys may be left out, which the vendor's document doesn't ask for but its example does. */
function missing(body: Body, member: string, standard: string | boolean | undefined): unknown {
  const isKey = member === "accessKey" || member === "secretKey";
  return isKey && body.useIAMRole === true ? "" : standard;
}

/** Without a role, S3 needs both keys. */
function refuseHalfKeys({ useIAMRole }: Readonly<Record<string, unknown>>, secrets: OriginSecrets): void {
  if (useIAMRole !== false) return;
  for (const member of ["accessKey", "secretKey"]) {
    if (secrets[member] === "") throw invalid(member, "must not be empty unless useIAMRole is true");
  }
}

function invalid(member: string, problem: string): SluiceError {
  return new SluiceError("ORIGIN_INVALID", { member, problem });
}

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
export async function addOrigin(deps: EndpointDeps, { accountId }: Principal, body: Body): Promise<Origin> {
  const { database, now } = deps;
  const parsed = parseOrigin(body, deps.config);
  const id = newOriginId();
  const columns = columnsOf(deps, parsed, { accountId, originId: id });
  const outcome = await database.run(createOrigin, { accountId, id, columns, now: now() });
  if (outcome !== "done") throw refusals[outcome]();
  return { id, ...shownOf(parsed) };
}

/** @throws SluiceError SECRETS_KEY_MISSING, what `parseOrigin` throws, and what `refusals` lists */
export async function changeOrigin(
  deps: EndpointDeps,
  { accountId }: Principal,
  id: string,
  body: Body,
): Promise<Origin> {
  const { database, now } = deps;
  const parsed = parseOrigin(body, deps.config);
  const columns = columnsOf(deps, parsed, { accountId, originId: id });
  const outcome = await database.run(replaceOrigin, { accountId, id, columns, now: now() });
  if (outcome !== "done") throw refusals[outcome]();
  return { id, ...shownOf(parsed) };
}

/** @throws SluiceError ORIGIN_NOT_FOUND, ORIGIN_IN_USE */
export async function dropOrigin(
  { database }: Pick<EndpointDeps, "database">,
  { accountId }: Principal,
  id: string,
): Promise<void> {
  const outcome = await database.run(removeOrigin, { accountId, id });
  if (outcome !== "done") throw refusals[outcome]();
}

function columnsOf(
  { sealedSecrets }: Pick<EndpointDeps, "sealedSecrets">,
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

/** The limit for one account. */
const maxOrigins = 100;

/** An origin as it is stored. Its secrets are encrypted. */
type StoredOrigin = OwnedRow & {
  readonly columns: {
    readonly name: string;
    readonly type: string;
    readonly settings: string;
    readonly secrets: string | null;
  };
  readonly now: number;
};

/** Locks the account's row, so that the limit holds. */
export async function createOrigin(
  connection: Connection,
  { accountId, id, columns, now }: StoredOrigin,
): Promise<"done" | "too many"> {
  await lockAccount(connection, { id: accountId });
  if ((await listOrigins(connection, accountId)).length >= maxOrigins) return "too many";
  await insertOrigin(connection, { id, account_id: accountId, ...columns, created_at: now, updated_at: now });
  return "done";
}

/** Its time grows with each change, even of one millisecond: files are remembered by the origin's id and its time. */
export async function replaceOrigin(
  connection: Connection,
  { accountId, id, columns, now }: StoredOrigin,
): Promise<"done" | "not there"> {
  await lockAccount(connection, { id: accountId });
  const row = await findOrigin(connection, accountId, id);
  if (row === undefined) return "not there";
  await updateOwned(
    connection,
    "origins",
    { accountId, id },
    { ...columns, updated_at: Math.max(now, row.updated_at + 1) },
  );
  return "done";
}

/** Locks the account's row, so that no endpoint begins to use the origin meanwhile. */
export async function removeOrigin(
  connection: Connection,
  { accountId, id }: OwnedRow,
): Promise<"done" | "not there" | "in use"> {
  await lockAccount(connection, { id: accountId });
  const endpoints = await listUrlEndpoints(connection, accountId);
  if (endpoints.some(({ origin_ids }) => (JSON.parse(origin_ids) as string[]).includes(id))) return "in use";
  return (await deleteOwned(connection, "origins", { accountId, id })) ? "done" : "not there";
}
