import { parseTransformation, TransformationError } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import { type Viewer, viewerOfServer } from "../../access/viewer.ts";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Connection } from "../../database/database.ts";
import { lockAccount } from "../../database/repositories/accounts.ts";
import {
  findNamedTransformation,
  insertNamedTransformation,
  listNamedTransformations,
  type NamedTransformationRow,
} from "../../database/repositories/named-transformations.ts";
import { deleteOwned, type OwnedRow, updateOwned } from "../../database/repositories/owned-rows.ts";
import { invalidParameter, unknownParameter } from "../../text/parameter.ts";
import type { LibraryDeps } from "../deps.ts";
import {
  builtInTransformations,
  findBuiltIn,
  type NamedTransformation,
  namedTransformationOf,
  newNamedTransformationId,
} from "./named-transformations.ts";

const maxNameLength = 100;
/** The maximum length in characters; it is more than any URL could hold besides a path. */
const maxTransformationLength = 8192;

export interface NewNamedTransformation {
  readonly name: string;
  readonly transformation: string;
  readonly enabled: boolean;
}

export type NamedTransformationChange = Partial<NewNamedTransformation>;

type Body = Readonly<Record<string, unknown>>;

const parsers = {
  name: parseName,
  transformation: parseText,
  enabled: parseEnabled,
} as const satisfies { readonly [Member in keyof NewNamedTransformation]: (value: unknown) => unknown };

/**
 * Parses the body of `POST /v1/named-transformations`.
 * @throws SluiceError PARAMETER_INVALID
 */
export function parseNewNamedTransformation(body: Body): NewNamedTransformation {
  const { name, transformation, enabled = true } = parseNamedTransformationChange(body);
  if (name === undefined) throw invalidParameter("name", nameProblem);
  if (transformation === undefined)
    throw invalidParameter("transformation", "Send the transformation that it stands for.");
  return { name, transformation, enabled };
}

/**
 * Parses the body of `PATCH /v1/named-transformations/:id`. Members that the body doesn't have stay unchanged.
 * @throws SluiceError PARAMETER_INVALID
 */
export function parseNamedTransformationChange(body: Body): NamedTransformationChange {
  const known = Object.keys(parsers);
  const entries = Object.entries(body).map(([member, value]) => {
    if (!Object.hasOwn(parsers, member)) throw unknownParameter(member, known);
    return [member, parsers[member as keyof typeof parsers](value)];
  });
  return Object.fromEntries(entries);
}

const nameProblem = `A name has 1 to ${maxNameLength} letters of a to z, digits and _.`;

function parseName(value: unknown): string {
  if (typeof value === "string" && /^[A-Za-z0-9_]+$/.test(value) && value.length <= maxNameLength) return value;
  throw invalidParameter("name", nameProblem);
}

/** Parses the transformation's text. A dashboard may have put `tr:` in front of it (docs/protocol/delivery.md §8.2). */
function parseText(value: unknown): string {
  const invalid = (problem: string) => invalidParameter("transformation", problem);
  if (typeof value !== "string") throw invalid("It is a text, such as w-400,h-300:rt-90.");
  if (value.length > maxTransformationLength) throw invalid(`It has ${maxTransformationLength} characters at most.`);
  const text = value.trim().replace(/^tr:/, "");
  try {
    if (parseTransformation(text).steps.length > 0) return text;
  } catch (error) {
    if (error instanceof TransformationError) throw invalid(`${error.message}.`);
    throw error;
  }
  throw invalid("It says nothing.");
}

function parseEnabled(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw invalidParameter("enabled", "It is true or false.");
}

type ManagingDeps = Pick<LibraryDeps, "database" | "now">;

/** Lists the built-in named transformations, then the account's own in the order in which they were created. */
export async function listNamed(reader: Connection, viewer: Viewer): Promise<readonly NamedTransformation[]> {
  return [...builtInTransformations, ...(await listNamedTransformations(reader, viewer)).map(namedTransformationOf)];
}

/** @throws SluiceError NAMED_TRANSFORMATION_NOT_FOUND */
export async function getNamed(reader: Connection, viewer: Viewer, id: string): Promise<NamedTransformation> {
  const builtIn = builtInTransformations.find((named) => named.id === id);
  if (builtIn !== undefined) return builtIn;
  const row = await findNamedTransformation(reader, viewer, { id });
  if (row === undefined) throw refusals["not there"]();
  return namedTransformationOf(row);
}

/** @throws SluiceError PARAMETER_INVALID, NAMED_TRANSFORMATION_NAME_TAKEN, TOO_MANY_NAMED_TRANSFORMATIONS */
export async function createNamed(
  { database, now }: ManagingDeps,
  { accountId }: Principal,
  body: Body,
): Promise<NamedTransformation> {
  const named = parseNewNamedTransformation(body);
  refuseBuiltInName(named.name);
  const input = { accountId, id: newNamedTransformationId(), named, now: now() };
  const result = await database.run(createNamedTransformation, input);
  if (result.outcome === "done") return namedTransformationOf(result.row);
  throw refusals[result.outcome]();
}

/** @throws SluiceError PARAMETER_INVALID, NAMED_TRANSFORMATION_BUILT_IN, _NAME_TAKEN, _NOT_FOUND */
export async function changeNamed(
  { database }: ManagingDeps,
  { accountId }: Principal,
  id: string,
  body: Body,
): Promise<NamedTransformation> {
  const change = parseNamedTransformationChange(body);
  refuseBuiltIn(id);
  if (change.name !== undefined) refuseBuiltInName(change.name);
  const result = await database.run(changeNamedTransformation, { accountId, id, change });
  if (result.outcome === "done") return namedTransformationOf(result.row);
  throw refusals[result.outcome]();
}

/** @throws SluiceError NAMED_TRANSFORMATION_BUILT_IN, NAMED_TRANSFORMATION_NOT_FOUND */
export async function removeNamed({ database }: ManagingDeps, { accountId }: Principal, id: string): Promise<void> {
  refuseBuiltIn(id);
  const { outcome } = await database.run(removeNamedTransformation, { accountId, id });
  if (outcome !== "done") throw refusals[outcome]();
}

function refuseBuiltIn(id: string): void {
  if (findBuiltIn(id) !== undefined) throw new SluiceError("NAMED_TRANSFORMATION_BUILT_IN", { name: id });
}

function refuseBuiltInName(name: string): void {
  if (findBuiltIn(name) !== undefined) throw refusals["name taken"]();
}

const refusals = {
  "name taken": () => new SluiceError("NAMED_TRANSFORMATION_NAME_TAKEN"),
  "too many": () => new SluiceError("TOO_MANY_NAMED_TRANSFORMATIONS", { limit: maxNamedTransformations }),
  "not there": () => new SluiceError("NAMED_TRANSFORMATION_NOT_FOUND"),
} as const;

/** The limit for one account, without the built-in ones that all accounts have (docs/protocol/delivery.md §8.2). */
export const maxNamedTransformations = 250;

type Refusal<Reason> = { readonly outcome: Reason };
type Done = { readonly outcome: "done"; readonly row: NamedTransformationRow };

/** Locks the account's row, so that names stay unique even if others create a named transformation at the same time. */
export async function createNamedTransformation(
  connection: Connection,
  { accountId, id, named, now }: OwnedRow & { readonly named: NewNamedTransformation; readonly now: number },
): Promise<Done | Refusal<"name taken" | "too many">> {
  await lockAccount(connection, { id: accountId });
  const viewer = viewerOfServer(accountId);
  const { name, transformation, enabled } = named;
  if ((await findNamedTransformation(connection, viewer, { name })) !== undefined) return { outcome: "name taken" };
  const { length } = await listNamedTransformations(connection, viewer);
  if (length >= maxNamedTransformations) return { outcome: "too many" };
  const texts = { name, transformation, enabled: flag(enabled) };
  const row: NamedTransformationRow = { id, account_id: accountId, ...texts, created_at: now };
  await insertNamedTransformation(connection, row);
  return { outcome: "done", row };
}

export async function changeNamedTransformation(
  connection: Connection,
  { accountId, id, change }: OwnedRow & { readonly change: NamedTransformationChange },
): Promise<Done | Refusal<"not there" | "name taken">> {
  await lockAccount(connection, { id: accountId });
  const viewer = viewerOfServer(accountId);
  const row = await findNamedTransformation(connection, viewer, { id });
  if (row === undefined) return { outcome: "not there" };
  const { enabled, ...texts } = change;
  if (texts.name !== undefined && texts.name !== row.name) {
    const namesake = await findNamedTransformation(connection, viewer, { name: texts.name });
    if (namesake !== undefined) return { outcome: "name taken" };
  }
  const columns = { ...texts, ...(enabled === undefined ? {} : { enabled: flag(enabled) }) };
  if (Object.keys(columns).length > 0)
    await updateOwned(connection, "named_transformations", { accountId, id }, columns);
  return { outcome: "done", row: { ...row, ...columns } };
}

export async function removeNamedTransformation(
  connection: Connection,
  { accountId, id }: OwnedRow,
): Promise<Refusal<"done" | "not there">> {
  await lockAccount(connection, { id: accountId });
  return {
    outcome: (await deleteOwned(connection, "named_transformations", { accountId, id })) ? "done" : "not there",
  };
}

function flag(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}
