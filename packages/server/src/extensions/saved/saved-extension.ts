import { SluiceError } from "@sluice/protocol";
import type { SavedExtensionObject } from "@sluice/protocol/schemas";
import type { Connection } from "../../database/database.ts";
import { lockAccount } from "../../database/repositories/accounts.ts";
import { deleteOwned, type OwnedRow, updateOwned } from "../../database/repositories/owned-rows.ts";
import {
  findSavedExtension,
  insertSavedExtension,
  listSavedExtensions,
  type SavedExtensionRow,
} from "../../database/repositories/saved-extensions.ts";
import { invalidParameter, ParameterProblem, unknownParameter } from "../../text/parameter.ts";
import { recordOf, savedExtension } from "../parse/extension-table.ts";
import { membersOf } from "../parse/members.ts";
import { parseExtension } from "../parse/parse-extensions.ts";
import type { ExtensionProviders } from "../provider.ts";

/** A saved configuration of an extension, which requests use by its id (docs/protocol/media-api.md §9). */
interface SavedExtension {
  readonly name: string;
  readonly description: string;
  /** One entry of `extensions`, which must not be a saved extension itself. */
  readonly config: Readonly<Record<string, unknown>>;
}

const maxNameLength = 250;
const maxDescriptionLength = 1000;
const maxConfigBytes = 64 * 1024;
const members = ["name", "description", "config"] as const;

/** @throws SluiceError PARAMETER_INVALID, EXTENSION_CONFIG_INVALID */
export function parseNewSavedExtension(
  body: Readonly<Record<string, unknown>>,
  providers: Pick<ExtensionProviders, "find">,
): SavedExtension {
  const { name, description, config } = parseSavedExtensionChange(body, providers);
  if (name === undefined) throw invalidParameter("name", "It is required.");
  if (description === undefined) throw invalidParameter("description", "It is required.");
  if (config === undefined) throw new SluiceError("EXTENSION_CONFIG_INVALID", { problem: "config is required." });
  return { name, description, config };
}

/** @throws SluiceError PARAMETER_INVALID, EXTENSION_CONFIG_INVALID */
export function parseSavedExtensionChange(
  body: Readonly<Record<string, unknown>>,
  providers: Pick<ExtensionProviders, "find">,
): Partial<SavedExtension> {
  for (const name of Object.keys(body)) {
    if (!(members as readonly string[]).includes(name)) throw unknownParameter(name, members);
  }
  const { name, description, config } = body;
  return {
    ...(name !== undefined && { name: parseText("name", name, maxNameLength) }),
    ...(description !== undefined && { description: parseText("description", description, maxDescriptionLength) }),
    ...(config !== undefined && { config: parseConfig(config, providers) }),
  };
}

function parseText(parameter: string, value: unknown, maxLength: number): string {
  const fits = typeof value === "string" && value.trim() !== "" && value.length <= maxLength && !value.includes("\0");
  if (!fits) throw invalidParameter(parameter, `It must be a string of 1 to ${maxLength} characters, and not blank.`);
  return value;
}

/**
 * Checks a configuration, and keeps it as it was sent. Each time a request uses it, it is parsed like an entry of the
 * request.
 */
function parseConfig(value: unknown, providers: Pick<ExtensionProviders, "find">): SavedExtension["config"] {
  try {
    const config = membersOf(value, "config");
    const { name } = parseExtension(config, "config");
    if (name === savedExtension) throw new ParameterProblem("A saved extension can't hold another one.");
    if (recordOf(name) === undefined && providers.find(name) === undefined) {
      throw new ParameterProblem(`There is no extension '${name}'.`);
    }
    if (Buffer.byteLength(JSON.stringify(config)) > maxConfigBytes) {
      throw new ParameterProblem(`config must not exceed ${maxConfigBytes} bytes.`);
    }
    return config;
  } catch (error) {
    if (!(error instanceof ParameterProblem)) throw error;
    throw new SluiceError("EXTENSION_CONFIG_INVALID", { problem: error.problem });
  }
}

/** The saved extension as the media API shows it. */
export function savedExtensionObject(row: SavedExtensionRow): SavedExtensionObject {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    config: JSON.parse(row.config) as SavedExtensionObject["config"],
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  };
}

/** The largest number of saved extensions of one account (docs/protocol/media-api.md §9). */
export const maxSavedExtensions = 100;

/**
 * Creates a saved extension. The account's row is locked, so that concurrent requests don't create too many.
 * @returns undefined where the account already has the largest number
 */
export async function createSavedExtension(
  connection: Connection,
  { accountId, id, saved, now }: OwnedRow & { readonly saved: SavedExtension; readonly now: number },
): Promise<SavedExtensionRow | undefined> {
  await lockAccount(connection, { id: accountId });
  if ((await listSavedExtensions(connection, accountId)).length >= maxSavedExtensions) return undefined;
  const { name, description, config } = saved;
  const row = { id, account_id: accountId, name, description, config: JSON.stringify(config) };
  const whole: SavedExtensionRow = { ...row, created_at: now, updated_at: now };
  await insertSavedExtension(connection, whole);
  return whole;
}

/** @returns undefined where there is none */
export async function changeSavedExtension(
  connection: Connection,
  { accountId, id, change, now }: OwnedRow & { readonly change: Partial<SavedExtension>; readonly now: number },
): Promise<SavedExtensionRow | undefined> {
  const { config, ...texts } = change;
  const columns = { ...texts, ...(config !== undefined && { config: JSON.stringify(config) }), updated_at: now };
  await updateOwned(connection, "saved_extensions", { accountId, id }, columns);
  return findSavedExtension(connection, accountId, id);
}

/** @returns false where there was none */
export async function removeSavedExtension(connection: Connection, { accountId, id }: OwnedRow): Promise<boolean> {
  return deleteOwned(connection, "saved_extensions", { accountId, id });
}
