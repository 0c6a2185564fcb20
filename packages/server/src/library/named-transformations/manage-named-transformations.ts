import { SluiceError } from "@sluice/protocol";
import type { Viewer } from "../../access/viewer.ts";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Connection } from "../../database/database.ts";
import {
  findNamedTransformation,
  listNamedTransformations,
} from "../../database/repositories/named-transformations.ts";
import type { LibraryDeps } from "../deps.ts";
import {
  changeNamedTransformation,
  createNamedTransformation,
  maxNamedTransformations,
  removeNamedTransformation,
} from "./named-transformation-transactions.ts";
import {
  builtInTransformations,
  findBuiltIn,
  type NamedTransformation,
  namedTransformationOf,
  newNamedTransformationId,
} from "./named-transformations.ts";
import { parseNamedTransformationChange, parseNewNamedTransformation } from "./parse-named-transformation.ts";

type ManagingDeps = Pick<LibraryDeps, "database" | "now">;
type Body = Readonly<Record<string, unknown>>;

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
